"""The briefing: one call that shows what changed, what is owed and what needs attention."""

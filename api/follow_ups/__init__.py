"""Follow-ups: what the hiring side owes, to whom, by when, and what closes it."""

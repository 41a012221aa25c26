"""What stands in place of whatever was known of a person who was anonymised."""

REMOVED = "A person, removed"
"""In place of a name or an address."""

REMOVED_CLAIM = "removed"
"""In place of what a reason claimed."""

REMOVED_LINK = "urn:removed"
"""In place of a link to evidence: that there was one is a fact, and keeps its weight."""

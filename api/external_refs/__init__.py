"""The ids that other systems have for our rows."""

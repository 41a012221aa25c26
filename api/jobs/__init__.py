"""Jobs: what can be filled, what it requires, and who is on it with which power."""

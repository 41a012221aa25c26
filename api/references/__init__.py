"""References: a person confirmed facts when asked. Shown beside the level, never in it."""

"""Merging: two records turn out to be one person or candidate. Nothing that was recorded is rewritten."""

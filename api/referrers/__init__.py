"""Referrers: people who attach their name to candidates."""

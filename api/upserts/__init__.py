"""Upserts: another tool sends what it knows under its own ids, as often as it likes."""

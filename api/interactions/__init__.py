"""Interactions: contact between people. Never evidence, and no level hears of it."""

"""Championed: who is referred, and who is actively championed."""

"""Championed: who is only referred, and who is actively championed."""

"""Calendars: an owner's open follow-ups at a secret address, for the calendar program of their choice."""

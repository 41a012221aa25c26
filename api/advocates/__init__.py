"""Advocates: people who speak up for candidates to those who decide."""

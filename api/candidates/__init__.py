"""Candidates: people who are considered for jobs."""

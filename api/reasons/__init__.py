"""Reasons: why this candidate fits this job. One record per application, requirement and claim."""

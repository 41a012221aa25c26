"""Captures: one flat message that says that somebody spoke up, made into an act, or kept until it can be."""

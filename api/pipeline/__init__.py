"""The pipeline: how many applications stand where, and how they are backed."""

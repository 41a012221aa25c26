"""A sandbox workspace that tells a story, made through the service's own routes."""

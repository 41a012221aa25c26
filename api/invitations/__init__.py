"""Invitations: what volunteers and listeners could do. They take them or pass, and neither has a consequence."""

"""Connections: the applicant tracking systems that tell a workspace what happens in them."""

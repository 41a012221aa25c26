"""Advocacies: one person's ongoing effort for one application, and the acts it is made of."""

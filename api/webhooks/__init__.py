"""Webhooks out: endpoints, their deliveries and every attempt; sending, and sending again."""

"""Clients that generators of others make of the contract, at work against the service."""

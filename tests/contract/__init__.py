"""The contract file is the service."""

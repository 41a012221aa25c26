"""Everything the service promises, as tests."""

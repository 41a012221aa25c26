"""How fast the service is: `python -m tests.bench` measures everything in one run and writes the table in the README.

Nothing here is a test; pytest collects none of it.
"""

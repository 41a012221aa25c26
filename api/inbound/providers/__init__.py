"""The vendors' parts: each verifies, names and parses deliveries, purely; nothing else knows a vendor."""

"""People: who they are, their tie to the company, and whether they can be relied on."""

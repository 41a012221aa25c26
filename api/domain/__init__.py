"""The rules. Pure: nothing here imports a database, a framework or a clock."""

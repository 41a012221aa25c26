"""What the command line does; `cli` only says how it is called."""

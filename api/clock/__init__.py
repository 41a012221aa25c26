"""The clock of a workspace; a sandbox's can be advanced, and time does then what it would have done."""

"""Applications: one candidate considered for one job, from the first stage to the outcome."""

"""The outcome of the test of normality, and its sentences."""

"""Limits of the test of normality, for what must not import SciPy."""

FEWEST = 20  # images of a class

"""How far a class is from Gaussian data."""

"""A small network that tells images from Gaussian data."""

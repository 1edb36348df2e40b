"""Clipped Gaussian data, which have the moments of the images."""

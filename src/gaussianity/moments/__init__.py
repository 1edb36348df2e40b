"""Means, covariances, spectra, and the Gaussian data that have them."""

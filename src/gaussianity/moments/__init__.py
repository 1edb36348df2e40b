"""Means, covariances, spectra and the Gaussian data drawn from them."""

"""Figures of what mean and covariance decide of a denoiser."""

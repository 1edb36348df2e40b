"""Figures of norms and of eigenvalues."""

"""Mixtures of low-rank Gaussians: subspaces, generalisation and Jacobians of diffusion models."""

"""Diffusion on manifold data: speciation, collapse and cloning."""

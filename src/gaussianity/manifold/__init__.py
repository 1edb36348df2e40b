"""Speciation and collapse of diffusion models on data on a manifold."""

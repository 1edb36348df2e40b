"""Figures of manifold."""

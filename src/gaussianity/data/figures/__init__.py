"""Figures of generated images beside real images."""

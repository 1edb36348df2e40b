"""Readers of arrays of images or features, and of tables of them."""

"""Edits of images along singular vectors of a denoiser, and their effects."""

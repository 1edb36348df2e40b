"""Mixtures of low-rank Gaussians: what a diffusion model learns."""

"""Linear filters of a denoiser: its fit at a noise level beside the Wiener filter."""

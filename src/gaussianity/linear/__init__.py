"""What mean and covariance decide of a denoiser and of the images that it makes."""

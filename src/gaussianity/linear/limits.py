"""Limits of what is measured, which the costs of a study read without torch."""

# Pixels up to which the mixture is computed: it needs the directions of all classes at once.
MOST_OF_MIXTURE = 1024
FEWEST_POINTS = 3  # noisy images for each pixel of a fit
MOST_DIMENSIONS = 1024  # of a fit, which has as many rows and columns

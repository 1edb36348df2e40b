"""Where in the images, and in which direction, a class is not normal."""

"""Limits of the test of normality, for what must not import SciPy."""

FEWEST = 20  # images of a class
IMAGES_PER_DIRECTION = 10
LARGEST = 2048  # pixels of clipped Gaussian data and of a covariance in memory
MOST = 2048  # images that are compared where they have more pixels


def most_directions(images, most):
    """Number of directions on which so many images are tested: at most `most`.

    >>> most_directions(200, 64), most_directions(1000, 64)
    (20, 64)
    """
    return min(most, images // IMAGES_PER_DIRECTION)

"""How local a linear filter is: the weights with which one pixel reads all others.

Source: Lukoianov et al. (2025): the covariance alone predicts the size of a denoiser's patches.
"""

import numpy as np


def filter_rows(matrix, pixels):
    """Rows of a filter at chosen pixels: float64 (len(pixels), d).

    Args:    matrix - (d, d), D(x) = J x + constant; pixels - numbers of outputs.
    """
    return np.asarray(matrix, dtype=np.float64)[list(pixels)]


def radius(row, image_shape, pixel):
    """Root mean square distance, in pixels, of a row's squared weights from its own pixel.

    Args:    row - (C H W,); image_shape - (C, H, W); pixel - number of the output.
    """
    _, height, width = image_shape
    y, x = np.divmod(np.arange(height * width), width)
    own_y, own_x = divmod(pixel % (height * width), width)
    distances = (y - own_y) ** 2 + (x - own_x) ** 2
    weights = np.square(row).reshape(-1, height * width).sum(axis=0)
    return float(np.sqrt(weights @ distances / weights.sum()))


def row_correlation(row, other):
    """Correlation of two rows of weights, without removing means."""
    return float(row @ other / np.sqrt((row @ row) * (other @ other)))


def central_pixels(image_shape):
    """Numbers of the central pixels of the first channel: 2 x 3 of them, or as many as there are.

    >>> central_pixels((1, 8, 8))
    [26, 27, 28, 34, 35, 36]
    """
    _, height, width = image_shape
    top, left = max(0, height // 2 - 1), max(0, width // 2 - 2)
    lines, columns = range(top, min(height, top + 2)), range(left, min(width, left + 3))
    return [y * width + x for y in lines for x in columns]

"""How much of each image its Gaussian twin explains.

The twin of an image is what the same sampler makes of the same seed with the exact denoiser of the
class's mean and covariance in place of the network.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.linear.measures import about_class_means, one_minus_ratio, residuals, squared


@dataclass(frozen=True)
class Account:
    """Shares of the sum of squares of images about their overall mean, of sum 1.

    class_mean - decided by the mean of the image's class; twin - further, by covariance and seed;
    network - what is left.
    """

    class_mean: float
    twin: float
    network: float


def explained(images, twins, classes):
    """1 - sum |y - w|^2 / sum |y - class mean|^2, both about the means of their own class.

    Args:    images, twins - rows (n, d), of the same seeds; classes - int (n,).
    Returns: Ratio, see `measures`.
    """
    rest = residuals(centred(images, classes), centred(twins, classes))
    return one_minus_ratio(rest, about_class_means(images, classes))


def centred(rows, classes):
    """Rows minus the mean of the rows of their class: float64 (n, d)."""
    found = np.array(rows, dtype=np.float64).reshape(len(rows), -1)
    for k in np.unique(classes):
        found[classes == k] -= found[classes == k].mean(axis=0)
    return found


def cosines(images, twins, classes):
    """Cosine of each image and its twin about their class means: float64 (n,)."""
    a, b = centred(images, classes), centred(twins, classes)
    return np.sum(a * b, axis=1) / np.sqrt(squared(a) * squared(b))


def account(images, twins, classes):
    """What class mean, twin and network decide of the images.

    Args:    see `explained`.
    Returns: Account.
    """
    flat = np.asarray(images, dtype=np.float64).reshape(len(images), -1)
    total = squared(flat - flat.mean(axis=0)).sum()
    within = about_class_means(images, classes).sum()
    rest = residuals(centred(images, classes), centred(twins, classes)).sum()
    return Account(float(1 - within / total), float((within - rest) / total), float(rest / total))


def direction_correlations(images, twins, mean, vectors):
    """Correlation over seeds of images and twins along each principal direction of one class.

    Args:    images, twins - rows (n, d) of one class; mean - (d,); vectors - rows (r, d).
    Returns: float64 (r,).
    """
    a, b = (np.asarray(rows) - mean for rows in (images, twins))
    a, b = ((rows @ vectors.T) - (rows @ vectors.T).mean(axis=0) for rows in (a, b))
    return np.sum(a * b, axis=0) / np.sqrt(np.sum(a**2, axis=0) * np.sum(b**2, axis=0))


def mixed_seeds(rows, classes):
    """The control: rows moved by one place within their class, so that seeds do not match."""
    moved = np.array(rows)
    for k in np.unique(classes):
        moved[classes == k] = np.roll(moved[classes == k], 1, axis=0)
    return moved

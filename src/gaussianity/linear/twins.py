"""How much of each image its Gaussian twin explains.

The twin of an image is what the same sampler makes of the same seed with the exact denoiser of the
class's mean and covariance in place of the network. Images and twins are compared about the means
of their own class, since a covariance does not decide a mean.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.linear.measures import one_minus_ratio, residuals, squared


@dataclass(frozen=True)
class Account:
    """Shares of the sum of squares of images about their overall mean, of sum 1.

    class_mean - decided by the mean of the image's class; twin - further, by covariance and seed;
    network - what is left.
    """

    class_mean: float
    twin: float
    network: float


def twin_columns(images, twins):
    """Numbers of each image of one class and of its twin, about their means.

    Args:    images, twins - rows (n, d), of the same seeds.
    Returns: dict of columns (n,): rest, the squared distance of both; spread and twin_spread, their
             squared norms; product, their inner product.
    """
    y, w = centred(images), centred(twins)
    return dict(
        rest=residuals(y, w),
        spread=squared(y),
        twin_spread=squared(w),
        product=np.sum(y * w, axis=1),
    )


def explained(columns):
    """1 - sum |y - w|^2 / sum |y|^2, about class means: Ratio, see `measures`.

    Args:    columns - of `twin_columns`, of one class or of several together.
    """
    return one_minus_ratio(columns["rest"], columns["spread"])


def correlation(columns):
    """Correlation of images and twins about their class means."""
    norms = np.sqrt(np.sum(columns["spread"]) * np.sum(columns["twin_spread"]))
    return float(np.sum(columns["product"]) / norms)


def cosines(columns):
    """Cosine of each image and its twin about their class means: float64 (n,)."""
    spreads = np.asarray(columns["spread"]) * np.asarray(columns["twin_spread"])
    return np.asarray(columns["product"]) / np.sqrt(spreads)


def account(columns):
    """What class mean, twin and network decide of the images.

    Args:    columns - of `twin_columns`, of all classes together, with `between`, the squared
             distance of the image's class mean from the mean of all images.
    Returns: Account.
    """
    between, within = np.sum(columns["between"]), np.sum(columns["spread"])
    rest, total = np.sum(columns["rest"]), between + within
    return Account(float(between / total), float((within - rest) / total), float(rest / total))


def of_directions(images, twins, vectors):
    """Agreement of the images and twins of one class along each principal direction.

    Args:    images, twins - rows (n, d) of one class; vectors - rows (r, d).
    Returns: dict of columns (r,): correlation over seeds; explained, 1 - sum (y - w)^2 / sum y^2.
    """
    a, b = centred(images) @ vectors.T, centred(twins) @ vectors.T
    energy, twin_energy = np.sum(a**2, axis=0), np.sum(b**2, axis=0)
    rest = np.sum((a - b) ** 2, axis=0)
    return dict(
        correlation=_over(np.sum(a * b, axis=0), np.sqrt(energy * twin_energy)),
        explained=1 - _over(rest, energy),
    )


def centred(rows):
    """Rows (n, ...) minus their mean: float64 (n, d)."""
    flat = np.asarray(rows, dtype=np.float64).reshape(len(rows), -1)
    return flat - flat.mean(axis=0)


def centred_by_class(rows, classes):
    """Rows minus the mean of the rows of their class: float64 (n, d)."""
    found = np.array(rows, dtype=np.float64).reshape(len(rows), -1)
    for k in np.unique(classes):
        found[classes == k] = centred(found[classes == k])
    return found


def mixed_seeds(rows):
    """The control: rows of one class moved by one place, so that seeds do not match."""
    return np.roll(rows, 1, axis=0)


def _over(numerator, denominator):
    """The quotient; NaN where the denominator is 0."""
    known = denominator > 0
    return np.where(known, numerator / np.where(known, denominator, 1), np.nan)

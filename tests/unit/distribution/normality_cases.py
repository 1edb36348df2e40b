"""Rows whose answer is known, and null distributions that several tests share."""

import functools

import numpy as np

from gaussianity.distribution.null import null_draws


@functools.cache
def null_of(images, most=64, draws=499):
    """The null distribution of a number of images, the same in all tests."""
    return null_draws(images, min(most, images // 10), draws, np.random.default_rng(7))


def nulls_of(*images, **settings):
    """dict of number of images to its null distribution."""
    return {n: null_of(n, **settings) for n in images}


def normal_rows(n, d, generator, *, rank=None, mean=3.0):
    """Normal rows (n, d) with variances 1 / j along random directions; the others are exactly 0.

    Args:    rank - number of directions with variance, d by default.
    """
    deviations = np.arange(1, (rank or d) + 1) ** -0.5
    directions = np.linalg.qr(generator.standard_normal((d, rank or d)))[0]
    return mean + generator.standard_normal((n, rank or d)) * deviations @ directions.T


def moderate(rows, deviation=0.08):
    """The rows moved and scaled to [0, 1] units, with values that stay well inside."""
    return 0.5 + deviation * (rows - rows.mean(axis=0)) / rows.std(axis=0).max()


def in_levels(rows):
    """Rows clipped to [0, 1] and rounded to 8 bits."""
    return np.round(np.clip(rows, 0, 1) * 255) / 255


def split(rows, size):
    """A function that returns a new stream of the rows in batches of `size`."""
    return lambda: (rows[i : i + size] for i in range(0, len(rows), size))

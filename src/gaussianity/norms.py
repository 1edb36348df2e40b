"""Norms of images, and how far two samples of them are apart."""

import numpy as np


def norms(batches):
    """Euclidean norm of each row of a stream of batches (n_i, d), one batch in memory: (n,)."""
    return np.concatenate([np.linalg.norm(batch, axis=1) for batch in batches])


def kolmogorov_smirnov(a, b):
    """Largest distance between the empirical distribution functions of two samples, 0 to 1.

    >>> kolmogorov_smirnov([1, 2, 3, 4], [3, 4, 5, 6])
    0.5
    """
    a, b = np.sort(a), np.sort(b)
    points = np.concatenate([a, b])
    below = [np.searchsorted(sample, points, side="right") / len(sample) for sample in (a, b)]
    return float(np.abs(below[0] - below[1]).max())

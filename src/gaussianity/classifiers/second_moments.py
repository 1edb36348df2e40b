"""Means and raw second moments of classes in the directions in which their images vary.

The second moment of a class is C_k = Sigma_k + mu_k mu_k^T. In few dimensions all of them stand in
memory, in the eigenbasis of their mean, which changes no least-squares classifier; in many each is
read again when it is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

IN_MEMORY = 3072  # dimensions of a colour image of 32 x 32: 75 MB for each class
# Share of the largest eigenvalue that counts as none: `least_squares.solve` cuts the singular
# values of float32 rows there.
CUT = (8 * np.finfo(np.float32).eps) ** 2
# What stands for the smallest share where no eigenvalues are computed: 8-bit images of 64 x 64
# have 4e-10 from rounding alone, and Cholesky's factor is good down to 1e-15.
SMALLEST = 1e-11
STRIP = 1024


@dataclass(frozen=True)
class SecondMoments:
    """Of K classes in m dimensions.

    means (K, m); seconds - sequence of K symmetric matrices C_k (m, m); directions - rank of their
    mean, the number of rows at the interpolation threshold; smallest - its least eigenvalue other
    than 0, or a bound below it. Units of the rows and their square.
    """

    means: np.ndarray
    seconds: Sequence
    directions: int
    smallest: float


class _Read(Sequence):
    """C_k of the pixels that vary, read from a file each time."""

    def __init__(self, read, classes, used):
        self.read, self.classes, self.used = read, classes, used

    def __len__(self):
        return self.classes

    def __getitem__(self, k):
        if not 0 <= k < self.classes:
            raise IndexError(k)
        mean, second = self.read(k)
        _add_mean(mean, second)
        return second if self.used.all() else second[np.ix_(self.used, self.used)]


def second_moments(read, classes, rows, in_memory=IN_MEMORY):
    """The second moments of classes, asked for one at a time.

    Args:    read - function of the class number k to its mean (d,) and covariance (d, d), float64,
             which are overwritten; classes - K; rows - of how many rows the moments of all classes
             are, above which their rank cannot be; in_memory - dimensions at most for which all
             matrices are held and the rank is found.
    Returns: SecondMoments; with more dimensions, `directions` counts rows and pixels that vary.
    """
    means, pooled = [], 0.0
    for k in range(classes):
        mean, second = read(k)
        means.append(mean)
        pooled = np.add(pooled, _add_mean(mean, second), out=second)
        del second
    means, pooled = np.array(means), pooled / classes
    if len(pooled) <= in_memory:
        return _reduced(read, means, pooled)
    used = np.diag(pooled) > 0
    directions = min(np.count_nonzero(used), rows)
    seconds = _Read(read, classes, used)
    return SecondMoments(means[:, used], seconds, directions, SMALLEST * np.trace(pooled))


def _reduced(read, means, pooled):
    """SecondMoments in the eigenbasis of the pooled second moment, whose other directions no row
    has."""
    values, vectors = np.linalg.eigh(pooled)
    kept = values > CUT * values.max()
    basis = vectors[:, kept]
    seconds = [basis.T @ (_add_mean(*read(k)) @ basis) for k in range(len(means))]
    return SecondMoments(means @ basis, seconds, len(basis.T), values[kept].min())


def _add_mean(mean, covariance):
    """Sigma + mu mu^T in the memory of Sigma."""
    for start in range(0, len(mean), STRIP):
        covariance[start : start + STRIP] += mean[start : start + STRIP, None] * mean
    return covariance

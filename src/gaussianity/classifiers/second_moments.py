"""Means and raw second moments of classes in the directions in which their images vary.

The second moment of a class is C_k = Sigma_k + mu_k mu_k^T. In few dimensions all of them are in
memory, in the eigenbasis of their mean; this change of basis does not change a least-squares
classifier. In many dimensions each is read from its file whenever it is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

IN_MEMORY = 3072  # dimensions of a colour image of 32 x 32: 75 MB for each class
# A smaller share of the largest eigenvalue counts as 0, as `least_squares.solve` has it for float32
# rows.
CUT = (8 * np.finfo(np.float32).eps) ** 2
# The smallest eigenvalue, as a share of the trace, where no eigenvalues are computed. Rounding to 8
# bits alone gives 4e-10 for images of 64 x 64; Cholesky's factor is accurate down to 1e-15.
SMALLEST = 1e-11
STRIP = 1024  # rows of a matrix that are changed at a time


@dataclass(frozen=True)
class SecondMoments:
    """Means and second moments of K classes in m dimensions.

    means (K, m), in the unit of the rows; seconds - sequence of K symmetric matrices C_k (m, m);
    directions - rank of their mean, which is the number of rows at the interpolation threshold;
    smallest - the least eigenvalue of the mean that is not 0, or a lower bound of it.
    """

    means: np.ndarray
    seconds: Sequence
    directions: int
    smallest: float


class _Read(Sequence):
    """C_k of the pixels that are not always 0, read from a file each time."""

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
    """The second moments of classes, read one class at a time.

    Args:    read - function of the class number k that returns its mean (d,) and covariance (d, d),
             float64, which are overwritten; classes - K; rows - number of rows of all classes in
             the moments, which bounds their rank; in_memory - largest d for which all matrices are
             in memory and the rank is computed.
    Returns: SecondMoments. For larger d, `directions` is the number of pixels that are not always
             0, or `rows` where that is smaller.
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
    """SecondMoments in the eigenvectors of the pooled second moment with an eigenvalue above 0."""
    values, vectors = np.linalg.eigh(pooled)
    kept = values > CUT * values.max()
    basis = vectors[:, kept]
    seconds = [basis.T @ (_add_mean(*read(k)) @ basis) for k in range(len(means))]
    return SecondMoments(means @ basis, seconds, len(basis.T), values[kept].min())


def _add_mean(mean, covariance):
    """Sigma + mu mu^T, which overwrites Sigma."""
    for start in range(0, len(mean), STRIP):
        covariance[start : start + STRIP] += mean[start : start + STRIP, None] * mean
    return covariance

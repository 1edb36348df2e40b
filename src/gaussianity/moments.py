"""Mean and covariance of a stream of rows, exact to rounding for any sharding."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Moments:
    """First two moments of rows.

    count - number of rows; mean (d,); scatter (d, d), the sum of outer products of centred rows;
    float64, in the unit of the rows and its square.
    """

    count: int
    mean: np.ndarray
    scatter: np.ndarray

    @property
    def covariance(self):
        """Unbiased covariance (d, d). Raises ValueError for fewer than two rows."""
        if self.count < 2:
            raise ValueError(f"a covariance needs at least 2 rows, found {self.count}")
        return self.scatter / (self.count - 1)


def of_batch(rows):
    """Moments of the rows (n, d) of one batch, by two passes in float64."""
    rows = np.asarray(rows, dtype=np.float64)
    mean = rows.mean(axis=0)
    centred = rows - mean
    return Moments(len(rows), mean, centred.T @ centred)


def merge(a, b):
    """Moments of the union of two disjoint sets of rows.

    Args:    a, b - Moments of equal dimension d; either may be empty.
    Returns: Moments.
    Raises:  ValueError - the dimensions differ.
    Source:  Chan, Golub and LeVeque (1983), The American Statistician 37(3).
    >>> merge(of_batch([[0.0], [2.0]]), of_batch([[4.0]])).mean
    array([2.])
    """
    if a.mean.shape != b.mean.shape:
        raise ValueError(f"dimensions differ: {a.mean.shape} and {b.mean.shape}")
    if not a.count or not b.count:
        return a if a.count else b
    count = a.count + b.count
    shift = b.mean - a.mean
    mean = a.mean + shift * (b.count / count)
    scatter = a.scatter + b.scatter
    scatter += np.outer(shift, shift * (a.count * b.count / count))
    return Moments(count, mean, scatter)


def of_stream(batches):
    """Moments of an iterable of row batches (n_i, d), holding one batch at a time.

    Raises:  ValueError - there is no batch.
    """
    total = None
    for batch in batches:
        if len(batch):
            part = of_batch(batch)
            total = part if total is None else merge(total, part)
    if total is None:
        raise ValueError("moments need at least one row, found none")
    return total

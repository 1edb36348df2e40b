"""Ledoit and Wolf's shrinkage of a covariance towards a multiple of the identity.

With few images per pixel, the sample covariance spreads its eigenvalues and may be singular.
(1 - s) C + s m I, with the mean variance m, is closer to the true covariance and has full rank.

Source: Ledoit and Wolf (2004), J. Multivariate Analysis 88; the same s as scikit-learn's.
"""

import numpy as np


def ledoit_wolf(moments, batches):
    """The shrinkage s that minimises the expected squared error of (1 - s) C + s m I.

    This is scikit-learn's ledoit_wolf_shrinkage for streamed rows. The sum of all products of
    squared pixels equals the sum of the fourth powers of the rows' norms. So one pass over the rows
    suffices, O(n d), with the moments and one batch in memory.

    Args:    moments - Moments of the rows; batches - the same rows (n_i, d).
    Returns: float, 0 to 1; 0 for a single pixel or rows that are all equal.
    Raises:  ValueError - the batches have another number of rows than the moments.
    >>> from gaussianity.moments.moments import batch_moments
    >>> rows = np.array([[0.0, 1.0], [2.0, 3.0], [1.0, -1.0], [4.0, 0.0]])
    >>> round(ledoit_wolf(batch_moments(rows), [rows]), 3)
    1.0
    """
    count, fourth, found = moments.count, 0.0, 0
    for rows in batches:
        centred = np.asarray(rows, dtype=np.float64) - moments.mean
        fourth += float((np.einsum("nd,nd->n", centred, centred) ** 2).sum())
        found += len(centred)
    if found != count:
        raise ValueError(f"expected {count} rows, found {found}")
    d = len(moments.mean)
    squares = np.vdot(moments.scatter, moments.scatter) / count**2
    # Both divided by d: the squared distance of C from m I, and its part from sampling error.
    distance = (squares - (np.trace(moments.scatter) / count) ** 2 / d) / d
    chance = (fourth / count - squares) / (d * count)
    return float(np.clip(chance / distance, 0, 1)) if d > 1 and distance > 0 else 0.0


def shrunk(covariance, shrinkage):
    """(1 - s) C + s m I, m the mean of C's diagonal: (..., d, d) for s (...); C itself for s = 0.

    Args:    covariance - (..., d, d); shrinkage - s, a number or (...).
    >>> shrunk(np.diag([1.0, 3.0]), 0.5)
    array([[1.5, 0. ],
           [0. , 2.5]])
    """
    if not np.any(shrinkage):
        return covariance
    s, d = np.asarray(shrinkage)[..., None], covariance.shape[-1]
    result = (1 - s[..., None]) * covariance
    diagonal = np.arange(d)
    result[..., diagonal, diagonal] += s * np.trace(covariance, axis1=-2, axis2=-1)[..., None] / d
    return result

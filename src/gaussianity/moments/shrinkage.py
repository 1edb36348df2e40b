"""Ledoit and Wolf's shrinkage of a covariance towards a multiple of the identity.

With fewer images than several times their pixels, the sample covariance spreads its eigenvalues and
lacks directions; (1 - s) C + s m I, m the mean variance, is closer to the truth and has full rank.
Source: Ledoit and Wolf (2004), J. Multivariate Analysis 88; the same s as scikit-learn's.
"""

import numpy as np


def ledoit_wolf(moments, batches):
    """The shrinkage s that minimises the expected squared error of (1 - s) C + s m I.

    scikit-learn's ledoit_wolf_shrinkage, streamed: it sums all products of squared pixels, which
    are the fourth powers of the rows' norms, so one pass over the rows is enough, O(n d), and the
    memory is that of the moments and a batch instead of three copies of all rows in float64.

    Args:    moments - Moments of the rows; batches - the same rows (n_i, d).
    Returns: float, 0 to 1; 0 for a single pixel or rows that are all equal.
    Raises:  ValueError - the batches hold another number of rows than the moments.
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
    # Both over d: the squared distance of C from m I, and the part of it that is chance.
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

"""Leading eigenvectors of a covariance, without the others."""

import numpy as np
from scipy.linalg import eigh
from scipy.sparse.linalg import eigsh

DENSE = 1024  # up to this dimension all eigenvectors cost less than the iterations


def leading_eigenvectors(covariance, count):
    """The largest eigenvalues of a covariance and their eigenvectors.

    A sign is no property of an eigenvector: the entry of largest modulus is made positive.

    Args:    covariance - (d, d), symmetric; count - how many, as many as there are where d is less.
    Returns: eigenvalues float64 (k,), largest first; eigenvectors (k, d) of unit length.
    """
    d = len(covariance)
    count = min(count, d)
    if d <= DENSE or count > d // 2:
        values, vectors = eigh(covariance, subset_by_index=[d - count, d - 1])
    else:
        # A start of its own, since ARPACK's random one would change the last digits each time.
        start = np.random.default_rng(0).standard_normal(d)
        values, vectors = eigsh(covariance, count, which="LA", v0=start)
    order = np.argsort(values)[::-1]
    vectors = vectors[:, order].T
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=1)[:, None], axis=1)
    return values[order].clip(min=0), vectors * np.where(largest < 0, -1, 1)

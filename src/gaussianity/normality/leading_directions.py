"""Leading principal directions of rows that are read repeatedly.

Nothing else in the room needs them to have converged: every set of orthonormal directions that
depends on the covariance alone keeps the scores of normal images Haar, see `haar`.
"""

import numpy as np

from gaussianity.moments.moments import stream_moments
from gaussianity.moments.principal import DENSE, leading_eigenvectors

FEW = 1024  # images whose matrix of inner products costs less than the passes
PASSES, EXTRA = 6, 32  # over the rows of more images; vectors beyond those asked for


def leading_directions(batches, count):
    """The leading directions of the rows' covariance, and the mean.

    They are exact for at most 1,024 pixels or at most 1,024 images. Beyond both, memory holds a
    batch and `count` + 32 directions.

    Args:    batches - function without arguments that returns a new stream of the rows (n_i, d),
             float64, whose arrays may be overwritten; count - k, at most n and d.
    Returns: directions (k, d), orthonormal, largest variance first; mean (d,).
    """
    mean, images = _mean(batches())
    count = min(count, len(mean))
    if len(mean) <= DENSE:
        return leading_eigenvectors(stream_moments(batches()).covariance, count)[1], mean
    found = _of_inner_products if images <= FEW else _by_subspace_iteration
    return found(batches, mean, count), mean


def _mean(batches):
    total, count = 0.0, 0
    for batch in batches:
        total, count = total + batch.sum(axis=0), count + len(batch)
    return total / count, count


def _of_inner_products(batches, mean, count):
    """From the (n, n) matrix of the centred rows' inner products."""
    centred = np.concatenate(list(batches()))
    centred -= mean
    left = leading_eigenvectors(centred @ centred.T, count)[1]
    return np.linalg.qr(centred.T @ left.T)[0].T


def _by_subspace_iteration(batches, mean, count):
    """By few passes over the rows, each a product with a block of vectors in float32.

    Source: Halko, Martinsson and Tropp (2011), SIAM Review 53(2), algorithm 4.4.
    """
    d = len(mean)
    # The start is the same in every run. It is not drawn for a study, since it decides nothing.
    block = np.random.default_rng(0).standard_normal((d, min(count + EXTRA, d)))
    for _ in range(PASSES):
        basis = np.linalg.qr(block)[0].astype(np.float32)
        block, inner = np.zeros(block.shape), np.zeros((basis.shape[1],) * 2)
        for batch in batches():
            batch -= mean
            centred = batch.astype(np.float32)
            along = centred @ basis
            block += centred.T @ along
            inner += along.T @ along
    vectors = leading_eigenvectors(inner, count)[1]
    return np.linalg.qr(basis.astype(np.float64) @ vectors.T)[0].T

"""Gaussian data of a class as random orthogonal mixtures of its images, without a fit.

A row of C X is a weighted sum of all images X of a class. The rows of C are orthonormal, and each
has the sum 1. Therefore every row of C X has the mean and the covariance of the class, and
different rows are uncorrelated. If the images are normal, the rows are independent samples of their
normal distribution, for any number of images per pixel, and no moment is estimated. If they are
not, a sum of many images is nearly normal.

A Gaussian distribution fitted to the images has estimated moments instead. These alone make the
classes easier to distinguish.
"""

import numpy as np
from scipy.linalg import solve_triangular


def mixing_rows(count, images, generator):
    """The first `count` rows of a random orthogonal matrix that keeps the mean: float64 C.

    Args:    count - rows, at most `images`; images - of a class; generator - NumPy generator, whose
             numbers must not depend on the images.
    Returns: (count, images) with C C^T = I and C 1 = 1. A part of the rows has these properties
             as well.
    Raises:  ValueError - more rows than images.
    """
    if not 0 < count <= images:
        raise ValueError(f"expected 1 to {images} mixed rows of {images} images, found {count}")
    if count == images:  # the complement of the ones has images - 1 directions
        start = np.c_[np.ones(images), generator.standard_normal((images, images - 1))]
        basis = np.linalg.qr(start)[0][:, 1:]
        rotation = np.linalg.qr(generator.standard_normal((images - 1, images - 1)))[0]
        return 1 / images + basis @ rotation @ basis.T
    normal = generator.standard_normal((count, images))
    normal -= normal.mean(axis=1, keepdims=True)
    factor = np.linalg.cholesky(normal @ normal.T)
    orthonormal = solve_triangular(factor, normal, lower=True)  # each row has the sum 0
    shared = (1 - np.sqrt(1 - count / images)) * orthonormal.mean(axis=0)
    return orthonormal - shared + 1 / images


def mixed(mixing, batches):
    """C X of the rows X of one class, one batch in memory at a time.

    Args:    mixing - C (count, n); batches - of rows (n_i, d), together n.
    Returns: float64 (count, d).
    Raises:  ValueError - the batches have another number of rows than C has columns.
    """
    found, start = 0.0, 0
    for batch in batches:
        found = found + mixing[:, start : start + len(batch)] @ np.asarray(batch, np.float64)
        start += len(batch)
    if start != mixing.shape[1]:
        raise ValueError(f"expected {mixing.shape[1]} rows to mix, found {start}")
    return found

"""Whitened rows, and what they are for normal images.

The centred rows of normal images are U D V^T. For every mean and every covariance, singular ones
included, U is uniform on the orthonormal frames that are orthogonal to the vector of ones (Haar),
and independent of D and V. So whitened scores on directions that depend on the covariance alone
have a distribution without parameters.

Source: Shimizu and Iwashita, arXiv 2603.12672, for more rows than pixels.
"""

import numpy as np


def whitened(rows):
    """Rows with mean 0 and covariance (1/n) W^T W = I, by the symmetric root, which keeps the axes.

    Where the covariance is singular, its pseudo-inverse takes the place of the inverse.

    Args:    rows - (n, k), with n above k.
    Returns: float64 (n, k).
    """
    centred = np.asarray(rows, dtype=np.float64)
    centred = centred - centred.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    zero = len(rows) * np.finfo(np.float64).eps * values.max(initial=0.0)
    inverse = np.divide(1, np.sqrt(values.clip(0)), out=np.zeros(len(values)), where=values > zero)
    return centred @ ((vectors * inverse) @ vectors.T)


def haar_scores(n, k, generator):
    """Standardised scores (n, k) of n exactly normal images on k directions of their covariance."""
    return whitened(generator.standard_normal((n, k)))

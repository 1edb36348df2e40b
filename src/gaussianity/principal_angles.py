"""Angles between subspaces of one space, and those of random ones."""

import numpy as np


def principal_angles(a, b):
    """Principal angles between the spans of orthonormal columns.

    Small angles come from their sines, whose rounding does not hide them as that of a cosine does.

    Args:    a, b - (n, d) and (n, m), or stacks of them.
    Returns: radians, falling, float64 (..., min(d, m)).
    Source:  Björck and Golub (1973), Mathematics of Computation 27.
    """
    if a.shape[-1] < b.shape[-1]:
        a, b = b, a
    inner = np.swapaxes(a, -1, -2) @ b  # (..., d, m), d >= m
    cosines = np.linalg.svd(inner, compute_uv=False)[..., ::-1].clip(0, 1)
    sines = np.linalg.svd(b - a @ inner, compute_uv=False)[..., : b.shape[-1]].clip(0, 1)
    return np.where(cosines**2 < 0.5, np.arccos(cosines), np.arcsin(sines))


def affinity(a, b):
    """Mean squared cosine of the principal angles: 1 where one subspace holds the other, 0 where
    they are orthogonal; |a^T b|_F^2 / min(d, m). Arguments as `principal_angles`."""
    inner = np.swapaxes(a, -1, -2) @ b
    return (inner**2).sum(axis=(-1, -2)) / min(inner.shape[-2:])


def random_affinity(n, d, m):
    """Mean of `affinity` where one subspace of d, m dimensions is uniform: max(d, m) / n."""
    return max(d, m) / n


def random_subspaces(n, d, count, generator):
    """Bases of uniform subspaces: (count, n, d), orthonormal columns."""
    return np.linalg.qr(generator.standard_normal((count, n, d)))[0]

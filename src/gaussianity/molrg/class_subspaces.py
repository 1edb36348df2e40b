"""Subspaces learnt from images, compared with the leading eigenvectors of the classes' covariances.

The components of a mixture of low-rank Gaussians have mean 0 (arXiv 2409.02426, definition 1), but
the means of images are not 0. Without labels the mean of all images is subtracted. The second
moment of a class is then C + delta delta^T, where delta is the difference of the class's mean and
the mean of all. With labels the mean of the class is subtracted, and the second moment is C.
"""

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from gaussianity.molrg.clustering import (
    KSubspaces,
    best_clustering,
    nearest_subspaces,
    principal_bases,
)
from gaussianity.molrg.descent import Descent, cold, learn
from gaussianity.moments.principal import leading_eigenvectors

RATE = 0.05  # of `denoised_subspaces`, for rows of about unit variance within their subspace


def unlabelled_subspaces(rows, count, dimension, *, restarts, iterations, generator):
    """K-subspaces of rows (m, n) without centring: bases (K, n, dimension) and clusters (m,)."""
    rows = torch.as_tensor(rows, dtype=torch.float64)[None]
    problem = KSubspaces(rows, torch.ones(1, dimension, dtype=torch.bool), count)
    starts = [_start(rows, count, generator) for _ in range(restarts)]
    bases = best_clustering(problem, starts, iterations=iterations)
    return bases[0].numpy(), nearest_subspaces(rows, bases)[0].numpy()


def _start(rows, count, generator):
    """Start of the clusters (1, m): each row joins the most parallel one of K random rows."""
    drawn = generator.choice(rows.shape[1], size=count, replace=False)
    directions = torch.nn.functional.normalize(rows, dim=2)
    return (directions @ directions[:, drawn].mT).abs().argmax(dim=2)


def principal_subspaces(rows, dimension):
    """Leading principal components (K, n, dimension) of the rows (K, m, n) of several classes."""
    used = torch.ones(len(rows), dimension, dtype=torch.bool)
    return principal_bases(torch.as_tensor(rows, dtype=torch.float64), used).numpy()


def denoised_subspaces(rows, dimension, *, steps, generators):
    """Subspaces of several classes that minimise the denoising loss, from a random start.

    Each class has a low-rank denoiser with one component. By theorem 1 its loss is least for the
    leading principal components.

    Args:    rows - (K, m, n), of mean 0 in each class; steps - of the descent; generators - NumPy
             generator of each class.
    Returns: bases (K, n, dimension).
    """
    rows = torch.as_tensor(rows, dtype=torch.float64)
    energy = rows.square().sum(dim=2).mean(dim=1)
    rows = rows * (dimension / energy).sqrt()[:, None, None]
    shape = 1, rows.shape[2], dimension
    normals = torch.from_numpy(np.stack([g.standard_normal(shape) for g in generators]))
    start = cold(torch.ones_like(normals), normals)
    drawn = [torch.Generator().manual_seed(int(g.integers(2**31))) for g in generators]
    return learn(rows, start, drawn, Descent(steps, RATE))[:, 0].numpy()


def matched_clusters(labels, clusters, count):
    """Matching of clusters to classes with the most rows in the cluster of their class.

    Args:    labels, clusters - int (m,), below count.
    Returns: cluster of each class (K,), a permutation; numbers of rows (K, K) of each class (first
             axis) in the cluster of each class (second axis).
    """
    counts = np.zeros((count, count), int)
    np.add.at(counts, (labels, clusters), 1)
    _, chosen = linear_sum_assignment(counts, maximize=True)
    return chosen, counts[:, chosen]


def class_references(moments, centre, dimension):
    """Leading eigenvectors of a class's covariance and of its second moment about a centre.

    Args:    moments - dict of mean (n,) and covariance (n, n); centre - (n,).
    Returns: dict of covariance and second_moment, each (n, dimension).
    """
    delta = moments["mean"] - centre
    matrices = dict(
        covariance=moments["covariance"],
        second_moment=moments["covariance"] + np.outer(delta, delta),
    )
    return {name: leading_eigenvectors(m, dimension)[1].T for name, m in matrices.items()}


def comparison(basis, reference):
    """Dict of affinity and the principal angles in degrees, in increasing order (angle_1, ...)."""
    angles = np.degrees(principal_angles(basis, reference))[::-1]
    return _columns(affinity(basis, reference), angles)


def random_comparison(n, dimension, count, generator):
    """Means of `comparison` between uniformly random subspaces and a fixed one. The choice of the
    fixed subspace does not matter."""
    bases = random_subspaces(n, dimension, count, generator)
    fixed = np.eye(n)[:, :dimension]
    angles = np.degrees(principal_angles(bases, fixed))[:, ::-1]
    return _columns(affinity(bases, fixed).mean(), angles.mean(axis=0))


def _columns(value, angles):
    return dict(affinity=float(value)) | {f"angle_{i + 1}": a for i, a in enumerate(angles)}


def comparisons(learned, references):
    """Comparison of each class's learnt subspace with its own references and those of the others.

    Args:    learned - basis (n, d) of each class; references - of each class, see
             `class_references`.
    Returns: list of dicts of class_index, against ("own", or "others" for the mean over the other
             classes), reference, affinity, angle_1, ...
    """
    found = []
    for k, basis in enumerate(learned):
        for name in references[k]:
            row = dict(class_index=k, reference=name)
            found.append(row | dict(against="own") | comparison(basis, references[k][name]))
            others = [comparison(basis, r[name]) for i, r in enumerate(references) if i != k]
            if others:
                mean = {key: float(np.mean([o[key] for o in others])) for key in others[0]}
                found.append(row | dict(against="others") | mean)
    return found


def principal_angles(a, b):
    """Principal angles between the spans of orthonormal columns.

    Small angles are computed from sines, since the cosine of a small angle is rounded to 1.

    Args:    a, b - (n, d) and (n, m), or stacks of such matrices.
    Returns: radians, falling, float64 (..., min(d, m)).
    Source:  Björck and Golub (1973), Mathematics of Computation 27.
    """
    if a.shape[-1] < b.shape[-1]:
        a, b = b, a
    inner = np.swapaxes(a, -1, -2) @ b  # (..., d, m), d >= m
    cosines = np.minimum(np.linalg.svd(inner, compute_uv=False)[..., ::-1], 1)
    sines = np.minimum(np.linalg.svd(b - a @ inner, compute_uv=False)[..., : b.shape[-1]], 1)
    return np.where(cosines**2 < 0.5, np.arccos(cosines), np.arcsin(sines))


def affinity(a, b):
    """Mean squared cosine of the principal angles, |a^T b|_F^2 / min(d, m).

    It is 1 if one subspace contains the other, 0 if they are orthogonal, and max(d, m) / n on
    average over uniformly random subspaces. Arguments as in `principal_angles`.
    """
    inner = np.swapaxes(a, -1, -2) @ b
    return (inner**2).sum(axis=(-1, -2)) / min(inner.shape[-2:])


def random_subspaces(n, d, count, generator):
    """Bases (count, n, d) of uniformly random subspaces, with orthonormal columns."""
    return np.linalg.qr(generator.standard_normal((count, n, d)))[0]

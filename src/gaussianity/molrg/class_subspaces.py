"""Subspaces learnt from images beside the leading eigenvectors of their classes' covariances.

A mixture of low-rank Gaussians has no mean (arXiv 2409.02426, definition 1), images have. Without
labels all images lose the mean of all, which no label needs, so that a class keeps its own: the
second moment about the mean of all is C + delta delta^T, delta from that mean to the class's. With
labels a class loses its own mean, and what is learnt is held against C.
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

RATE = 0.05  # of `denoised_subspaces`, for rows of about unit variance along their subspace


def unlabelled_subspaces(rows, count, dimension, *, restarts, iterations, generator):
    """K-subspaces of rows (m, n), not centred: bases (K, n, dimension) and each row's cluster."""
    rows = torch.as_tensor(rows, dtype=torch.float64)[None]
    problem = KSubspaces(rows, torch.ones(1, dimension, dtype=torch.bool), count)
    starts = [_start(rows, count, generator) for _ in range(restarts)]
    bases = best_clustering(problem, starts, iterations=iterations)
    return bases[0].numpy(), nearest_subspaces(rows, bases)[0].numpy()


def _start(rows, count, generator):
    """Clusters of rows by the nearest in direction of K that are drawn: (1, m)."""
    drawn = generator.choice(rows.shape[1], size=count, replace=False)
    directions = torch.nn.functional.normalize(rows, dim=2)
    return (directions @ directions[:, drawn].mT).abs().argmax(dim=2)


def principal_subspaces(rows, dimension):
    """Leading principal components of several classes, rows (K, m, n) as `denoised_subspaces`:
    (K, n, dimension)."""
    used = torch.ones(len(rows), dimension, dtype=torch.bool)
    return principal_bases(torch.as_tensor(rows, dtype=torch.float64), used).numpy()


def denoised_subspaces(rows, dimension, *, steps, generators):
    """Subspaces of several classes, each by the denoising loss of the low-rank denoiser with one
    component, from a random start: by theorem 1 those of the leading principal components.

    Args:    rows - (K, m, n), each class's of mean 0; steps - of the descent; generators - NumPy
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
    """The cluster of each class, so that as many rows as possible are right, and the counts.

    Args:    labels, clusters - int (m,), below count.
    Returns: clusters (K,), a permutation; images (K, K) of each class in the cluster of each; the
             accuracy of clustering is the share of its diagonal.
    """
    counts = np.zeros((count, count), int)
    np.add.at(counts, (labels, clusters), 1)
    _, chosen = linear_sum_assignment(counts, maximize=True)
    return chosen, counts[:, chosen]


def class_references(moments, centre, dimension):
    """Leading eigenvectors of a class's covariance and of its second moment about a centre.

    Args:    moments - dict of mean (n,) and covariance (n, n); centre - (n,).
    Returns: dict of covariance and second_moment, (n, dimension) each.
    """
    delta = moments["mean"] - centre
    matrices = dict(
        covariance=moments["covariance"],
        second_moment=moments["covariance"] + np.outer(delta, delta),
    )
    return {name: leading_eigenvectors(m, dimension)[1].T for name, m in matrices.items()}


def comparison(basis, reference):
    """Mean squared cosine of the principal angles, and these in degrees, rising: dict of affinity,
    angle_1, ..."""
    angles = np.degrees(principal_angles(basis, reference))[::-1]
    return _columns(affinity(basis, reference), angles)


def random_comparison(n, dimension, count, generator):
    """Means of `comparison` over uniform subspaces; of one fixed subspace all are alike."""
    bases = random_subspaces(n, dimension, count, generator)
    fixed = np.eye(n)[:, :dimension]
    angles = np.degrees(principal_angles(bases, fixed))[:, ::-1]
    return _columns(affinity(bases, fixed).mean(), angles.mean(axis=0))


def _columns(value, angles):
    return dict(affinity=float(value)) | {f"angle_{i + 1}": a for i, a in enumerate(angles)}


def comparisons(learned, references):
    """What was learnt of each class against each reference, of its own class and of the others.

    Args:    learned - bases per class, (n, d) each; references - per class, see `class_references`.
    Returns: list of dicts of class_index, against (own or others, then the mean over these),
             reference, affinity, angle_1, ...
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


def random_subspaces(n, d, count, generator):
    """Bases of uniform subspaces: (count, n, d), orthonormal columns."""
    return np.linalg.qr(generator.standard_normal((count, n, d)))[0]

"""Moments, quadratic forms and spectrum of one class, which the assumptions are about."""

from math import factorial

import numpy as np
from scipy.fft import dct

from gaussianity.intervals import bootstrap_weights
from gaussianity.moments.spectra import numerical_rank
from gaussianity.universality.assumptions.trends import Measure

ORDERS = (2, 4, 6)


def measure_class(levels, generator, *, directions, replicates):
    """Measures of the rows of one class.

    Args:    levels - rows (n, d) of the same n images at each of s rising d; generator - NumPy
             generator; directions - number of random unit vectors; replicates - number of
             bootstrap samples.
    Returns: dict of quantity to Measure, and the trace of the covariance at each level (s,).
    Raises:  ValueError - fewer than two rows, or rows that are all the same.
    """
    count = len(levels[0])
    if count < 2:
        raise ValueError(f"the assumptions need at least 2 images of a class, found {count}")
    weights = bootstrap_weights(count, replicates, generator)
    found = [_of_level(rows, weights, directions, generator) for rows in levels]
    sizes = np.array([rows.shape[1] for rows in levels])
    measures = {
        name: Measure(
            sizes,
            np.stack([values[name][0] for values, _, _ in found], axis=1),
            np.array([values[name][1] for values, _, _ in found]),
        )
        for name in found[0][0]
    }
    measures["spectrum"] = _spectrum(found[-1][2], sizes[-1])
    return measures, np.array([trace for _, trace, _ in found])


def _of_level(rows, weights, directions, generator):
    """Of rows (n, d): dict of quantity to (values (1 + b,), reference); trace; spectra."""
    count, d = rows.shape
    means = weights @ rows
    centred = rows - means[0]
    traces = weights @ (rows**2).sum(axis=1) - (means**2).sum(axis=1)
    if not traces.min() > 1e-12 * (means[0] @ means[0]):
        raise ValueError("the assumptions need images that differ, found all the same")
    away = (means**2).sum(axis=1) / traces
    spectra = _weighted_variance(_principal_scores(centred), weights) / traces[:, None]
    reference = 2 / d  # Var(x^T C x) = 2 tr(C Sigma C Sigma) for a normal x, C^2 = I
    found = dict(
        mean=(away, 1.0),
        **_projections(centred, weights, traces, directions, generator),
        principal_2=(spectra[:, 0], (1 + np.sqrt(d / count)) ** 2 / d),  # Marchenko-Pastur
        norm_variance=(_form_variance((centred**2).sum(axis=1), weights, traces), reference),
        form_variance=(
            _form_variance(quadratic_form(centred, generator), weights, traces),
            reference,
        ),
    )
    return found, traces[0], spectra


def _projections(centred, weights, traces, directions, generator):
    """E |v^T (x - mean)|^q, averaged over random unit vectors v; (q - 1)!! d^(-q/2) for a normal x.

    The bootstrap keeps the mean of all rows, so that the interval leaves out its error.
    """
    d = centred.shape[1]
    vectors = generator.standard_normal((d, directions))
    projected = centred @ (vectors / np.linalg.norm(vectors, axis=0))
    return {
        f"projection_{q}": (
            (weights @ projected**q).mean(axis=1) / traces ** (q / 2),
            double_factorial(q) * d ** (-q / 2),
        )
        for q in ORDERS
    }


def double_factorial(order):
    """(q - 1)!!, the moment of even order q of a standard normal: 1, 3, 15 for 2, 4, 6."""
    return factorial(order) // (2 ** (order // 2) * factorial(order // 2))


def quadratic_form(rows, generator):
    """x^T C x of each row for one random C = D F^T S F D, symmetric, orthogonal, of norm 1.

    D and S are diagonal matrices of random signs, and F is the cosine transform. A row thus costs
    d ln d operations and no d x d matrix. For a normal x, Var(x^T C x) = 2 tr(C Sigma C Sigma).

    Args:    rows - (n, d). Returns: float64 (n,).
    """
    first, second = generator.choice([-1.0, 1.0], size=(2, rows.shape[1]))
    return dct(rows * first, axis=1, norm="ortho") ** 2 @ second


def _form_variance(forms, weights, traces):
    return _weighted_variance(forms[:, None], weights)[:, 0] / traces**2


def _weighted_variance(values, weights):
    """Variance of each column of values (n, k) under each row of weights: (1 + b, k)."""
    values = values - values.mean(axis=0)
    return weights @ values**2 - (weights @ values) ** 2


def _principal_scores(centred):
    """Projections (n, min(n, d)) of centred rows on their principal directions, largest first.

    Their variances are the eigenvalues of the covariance. The bootstrap keeps the directions, so
    that the weighted variances equal the eigenvalues of a bootstrap sample to first order.
    """
    count, d = centred.shape
    if count <= d:
        values, vectors = np.linalg.eigh(centred @ centred.T)
        return (vectors * np.sqrt(values.clip(min=0)))[:, ::-1]
    return centred @ np.linalg.eigh(centred.T @ centred)[1][:, ::-1]


def _spectrum(spectra, d):
    """Eigenvalues (1 + b, r) against their rank, up to the numerical rank r."""
    ranks = np.arange(1, numerical_rank(spectra[0]) + 1)
    return Measure(ranks, spectra[:, : len(ranks)], np.full(len(ranks), 1 / d))

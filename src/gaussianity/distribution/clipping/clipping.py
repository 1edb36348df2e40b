"""Clipped Gaussian data: normal data that have the moments of images once clipped to [0, 1].

Images are clipped to [0, 1] and so are not normal. Clipped Gaussian data are clipped likewise, have
the images' means, variances and covariances, and nothing else in common with them. A distribution
of that kind is not clip(N(mean, covariance)), whose moments differ from the images'.
"""

from dataclasses import dataclass

import numpy as np

from gaussianity.distribution.clipping.clipped_moments import (
    clipped_covariances,
    clipped_moments,
    coefficients,
    latent,
    latent_correlations,
    probability_inside,
)
from gaussianity.distribution.limits import LARGEST
from gaussianity.errors import InputError

LEAST_VARIANCE = 1e-12  # below it a pixel without quantisation is constant
LEAST_EIGENVALUE = 1e-9  # of the latent correlations, relative to the largest
IMPROVEMENTS = 4  # steps of descent of the covariance's error, at most
WORTHWHILE = 0.98  # the descent ends where a step leaves more of the error than this


@dataclass(frozen=True)
class ClippedGaussian:
    """Normal data clipped to [0, 1] and rounded.

    Attributes: mean (d,) of all pixels; varying (p,), the indices of those that vary; centre and
        spread (p,) of their normal variables; root (p, p), whose rows have length 1, with the
        correlations root root^T; step of the rounding, 0 for none; covariance_error, relative
        error of the covariance in the Frobenius norm.
    """

    mean: np.ndarray
    varying: np.ndarray
    centre: np.ndarray
    spread: np.ndarray
    root: np.ndarray
    step: float
    covariance_error: float

    def samples(self, n, generator):
        """Images (n, d), float64 in [0, 1]. Pixels that do not vary stay at their mean."""
        rows = np.tile(self.mean, (n, 1))
        normals = generator.standard_normal((n, len(self.varying))) @ self.root.T
        rows[:, self.varying] = np.clip(self.centre + self.spread * normals, 0, 1)
        if self.step:
            rows = np.clip(np.round(rows / self.step) * self.step, 0, 1)
        return rows


def clipped_gaussian(mean, covariance, step):
    """Clipped Gaussian data with a given mean and covariance.

    Means and variances of pixels are those given. Covariances differ where the correlations of the
    normal variables have to be changed to become positive definite.

    Args:    mean (d,), covariance (d, d) - of images in [0, 1]; step - of their quantisation, in
             the same unit, 0 for none.
    Returns: ClippedGaussian.
    Raises:  InputError - more than LARGEST pixels, or a mean outside [0, 1]; ValueError - shapes
             that do not match.
    """
    mean, covariance = np.asarray(mean, np.float64), np.asarray(covariance, np.float64)
    _check(mean, covariance)
    variances = np.diag(covariance)
    varying = np.flatnonzero(variances > max(step**2 / 12, LEAST_VARIANCE))
    chosen = covariance[np.ix_(varying, varying)]
    centre, spread = _unrounded(mean[varying], variances[varying], step)
    terms = coefficients(centre, spread)
    root, fitted = _fitted(terms, chosen, _rounded_variances(centre, spread, step))
    implied = np.zeros_like(covariance)
    implied[np.ix_(varying, varying)] = fitted
    error = _relative_error(implied, covariance)
    return ClippedGaussian(mean, varying, centre, spread, root, float(step), error)


def _check(mean, covariance):
    d = mean.size
    if mean.ndim != 1 or covariance.shape != (d, d):
        raise ValueError(
            f"expected a mean (d,) and a covariance (d, d), found {mean.shape} and "
            f"{covariance.shape}"
        )
    if d > LARGEST:
        raise InputError(f"clipped Gaussian data have at most {LARGEST} pixels, found {d}")
    if not (mean.min() >= 0 and mean.max() <= 1):
        raise InputError(
            "clipped Gaussian data need means in [0, 1], found "
            f"{mean.min():.3g} to {mean.max():.3g}"
        )


def _unrounded(mean, variance, step):
    """Centre and spread of normal variables that have this mean and variance, clipped and rounded.

    ASSUME: rounding adds step^2/12 to the variance of what is not clipped, so times the probability
    inside (Sheppard's correction). What is clipped is at 0 or 1, which are not rounded.
    """
    centre, spread = latent(mean, variance)
    if step:
        rounding = step**2 / 12 * probability_inside(centre, spread)
        centre, spread = latent(mean, variance - rounding)
    return centre, spread


def _rounded_variances(centre, spread, step):
    """Variances (p,) of clipped and rounded variables, with the rounding of `_unrounded`."""
    return clipped_moments(centre, spread)[1] + step**2 / 12 * probability_inside(centre, spread)


def _fitted(terms, covariance, variances):
    """Root of latent correlations, and the covariance (p, p) that they imply.

    The correlations that give the covariance exactly are in general not positive definite. The
    nearest positive definite ones are improved by steps of projected descent: what the implied
    covariance is short of is added to the correlations, in units of the standard deviations.

    Args:    terms - (TERMS, p); covariance (p, p); variances (p,), the diagonal that is implied.
    Returns: root (p, p), implied covariance (p, p).
    """
    deviations = np.sqrt(np.diag(covariance))
    correlations, best, least = latent_correlations(terms, covariance), None, np.inf
    for _ in range(IMPROVEMENTS + 1):
        root = _root(correlations, deviations)
        correlations = root @ root.T
        implied = clipped_covariances(terms, correlations)
        np.fill_diagonal(implied, variances)
        missing = covariance - implied
        error = np.linalg.norm(missing)
        if error > WORTHWHILE * least:
            break
        best, least = (root, implied), error
        correlations += missing / deviations / deviations[:, None]
    return best


def _root(correlations, deviations):
    """Root (p, p) of the positive definite correlations nearest to others (p, p).

    Negative eigenvalues are cut after weighting by the pixels' standard deviations, so that the
    correlations are changed least where the pixels vary most.
    """
    weighted = correlations * deviations * deviations[:, None]
    values, vectors = np.linalg.eigh(weighted)
    root = vectors * np.sqrt(values.clip(LEAST_EIGENVALUE * values[-1:]))
    return root / np.linalg.norm(root, axis=1, keepdims=True)


def _relative_error(implied, covariance):
    size = np.linalg.norm(covariance)
    return float(np.linalg.norm(implied - covariance) / size) if size else 0.0

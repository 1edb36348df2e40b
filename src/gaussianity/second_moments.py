"""Means and raw second moments of classes in the directions in which their images vary.

The second moment of a class is C_k = Sigma_k + mu_k mu_k^T. In few directions they stand here in
an orthonormal basis of all their ranges, which changes no least-squares classifier. In many the
basis holds the leading directions of their mean, and the rest is taken for isotropic.
"""

from dataclasses import dataclass

import numpy as np
import scipy.linalg

MOST_DIRECTIONS = 3072  # as many as a colour image of 32 x 32 has: K matrices of 75 MB
# Share of the largest eigenvalue that counts as none: `least_squares.solve` cuts singular values
# of float32 rows there.
CUT = (8 * np.finfo(np.float32).eps) ** 2
PASSES = 3  # of the pooled matrix over a random basis
STRIP = 1024


@dataclass(frozen=True)
class SecondMoments:
    """K classes in m leading directions and `rest` others.

    means (K, m), seconds (K, m, m) - in the leading directions; rest - number of directions beyond;
    rest_variance (K,) - mean eigenvalue of C_k in those; rest_gram (K, K) - inner products of what
    the means have there. Units of the rows and their square.
    """

    means: np.ndarray
    seconds: np.ndarray
    rest: int
    rest_variance: np.ndarray
    rest_gram: np.ndarray

    @property
    def directions(self):
        """Rank of the pooled second moment: the rows' number at the interpolation threshold."""
        return self.means.shape[1] + self.rest

    @property
    def traces(self):
        """tr(C_k) (K,)."""
        return np.trace(self.seconds, axis1=1, axis2=2) + self.rest * self.rest_variance

    @property
    def smallest(self):
        """The smallest variance of the pooled second moment in any direction."""
        within = np.diagonal(self.seconds, axis1=1, axis2=2).mean(axis=0).min()
        return min(within, self.rest_variance.mean()) if self.rest else within


def second_moments(read, classes, rows, most=MOST_DIRECTIONS):
    """Reduce the moments of classes, holding two (d, d) matrices at a time.

    Args:    read - function of the class number k to its mean (d,) and covariance (d, d), float64,
             called twice for each class; the covariance is overwritten; classes - K; rows - of how
             many rows the moments of all classes are, above which their rank cannot be; most -
             leading directions at most.
    Returns: SecondMoments; exact up to rounding where d or `rows` is at most `most`.
    """
    pooled = 0.0
    for k in range(classes):
        second = _second(*read(k))
        pooled = np.add(pooled, second, out=second)
        del second
    pooled /= classes
    varying = min(np.count_nonzero(np.diag(pooled)), rows)
    basis = _leading(pooled, varying, most)
    del pooled
    rest = max(varying - most, 0)
    return _reduced(read, classes, basis, rest)


def _second(mean, covariance):
    """Sigma + mu mu^T in the memory of Sigma."""
    for start in range(0, len(mean), STRIP):
        covariance[start : start + STRIP] += mean[start : start + STRIP, None] * mean
    return covariance


def _leading(pooled, varying, most):
    """Orthonormal eigenvectors (d, m) of the largest eigenvalues that are not 0.

    Source:  for more than `most` pixels by subspace iteration, algorithm 4.4 of Halko, Martinsson
             and Tropp (2011), SIAM Review 53(2).
    """
    if len(pooled) <= most:
        values, vectors = np.linalg.eigh(pooled)
    else:
        # The start of an iteration, no sample: whatever it is, the end is the same to rounding.
        basis = np.random.default_rng(0).standard_normal((len(pooled), min(varying, most)))
        for _ in range(PASSES):
            basis = scipy.linalg.qr(pooled @ basis, mode="economic", overwrite_a=True)[0]
        values, turn = np.linalg.eigh(basis.T @ (pooled @ basis))
        vectors = basis @ turn
    return vectors[:, values > CUT * values.max()]


def _reduced(read, classes, basis, rest):
    """SecondMoments in a basis (d, m), with `rest` directions beyond it."""
    means, seconds, traces = [], [], []
    for k in range(classes):
        mean, covariance = read(k)
        second = _second(mean, covariance)
        means.append(mean)
        seconds.append(basis.T @ (second @ basis))
        traces.append(np.trace(second))
        del covariance, second
    full, means, seconds = np.array(means), np.array(means) @ basis, np.array(seconds)
    beyond = (
        np.maximum(traces - np.trace(seconds, axis1=1, axis2=2), 0) if rest else 0 * means[:, 0]
    )
    gram = full @ full.T - means @ means.T
    return SecondMoments(means, seconds, rest, beyond / max(rest, 1), gram * (rest > 0))

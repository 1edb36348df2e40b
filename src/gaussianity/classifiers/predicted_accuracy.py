"""Test accuracy of one-hot least squares, predicted from the moments of the classes.

Train W = argmin |X W - Y|^2 + ridge |W|^2 on n_k rows of each class k with mean mu_k and covariance
Sigma_k. The distribution of its scores is known in the limit of many rows and directions. Let
C_k = Sigma_k + mu_k mu_k^T, and let the K weights r_k solve

    r_k (ridge + tr(C_k Q)) = n_k,    Q = (I + sum_k r_k C_k)^-1,                            (1)

Then X^T X + ridge is equivalent to ridge Q^-1. In x_k = log r_k, (1) says that the gradient of the
convex function

    ridge sum_k e^(x_k) + log det(I + sum_k e^(x_k) C_k) - sum_k n_k x_k                     (2)

is 0. Its Hessian J = diag(r_k (ridge + tr(C_k Q))) - P with P_jk = r_j r_k tr(C_j Q C_k Q) also
gives the variance of the scores.

Source: leave-one-out and two-point expansions of the resolvent, as in theorem 1 of Loureiro et al.
(2021), arXiv 2106.03791, for the square loss and any covariances.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import blas, lapack, solve_triangular

from gaussianity.arguments import require_between, require_wholes
from gaussianity.classifiers.arguments import LARGEST
from gaussianity.classifiers.exact_accuracy import mixture_accuracy
from gaussianity.errors import InputError

# A ridge of 0 is replaced by this share of n times the smallest variance: least squares without a
# ridge is the limit of a small ridge, with fewer rows than directions and with more.
LIMIT = 1e-6
RESIDUAL = 1e-5  # largest residual of (1), relative to n_k
STEPS = 200  # of Newton's method, at most
LONGEST = 4.0  # largest step of a log r_k
PROBES = 512  # random vectors for the traces of products in more than EXACT dimensions
EXACT = 1024


@dataclass(frozen=True)
class Equivalent:
    """The distribution of the scores, and the solution of (1).

    score_means (K, K), row k the mean scores of test rows of class k; score_covariances (K, K, K),
    entry k the covariance of these scores; log_weights (K,), log r_k; hessian (K, K), J.
    """

    score_means: np.ndarray
    score_covariances: np.ndarray
    log_weights: np.ndarray
    hessian: np.ndarray


def predicted_accuracies(moments, train_sizes, ridge=0.0):
    """Predicted accuracy for each training size, on classes of equal frequency.

    Args:    moments - SecondMoments, see `gaussianity.classifiers.second_moments`; train_sizes -
             list of numbers of rows of each class; ridge - at least
             0; 0 is the limit of a small ridge: the interpolator of least norm, or least squares
             where there are more rows than directions.
    Returns: float64 (sizes,). Without a ridge, and with as many rows as directions, it is the
             accuracy of chance, which a finite problem does not quite reach.
    Raises:  InputError - an argument that does not fit; ArithmeticError - the solution of (1) is
             not found.
    """
    if not hasattr(moments, "seconds"):
        raise InputError(f"moments: expected SecondMoments, found a {type(moments).__name__}")
    require_wholes(train_sizes=train_sizes)
    require_between(0, LARGEST, ridge=ridge)
    found, accuracies, threshold = None, {}, moments.directions / len(moments.means)
    last = 0
    for size in sorted(set(train_sizes)):
        if last < threshold <= size:  # the r_k are discontinuous where interpolation ends
            found = None
        found = equivalent(moments, [size] * len(moments.means), ridge, start=found)
        accuracies[size] = mixture_accuracy(found.score_means, found.score_covariances)
        last = size
    return np.array([accuracies[size] for size in train_sizes])


def equivalent(moments, counts, ridge=0.0, *, start=None):
    """The distribution of the scores of least squares on `counts` rows of each class.

    A further direction in which every row has the same large value acts as a bias without penalty.

    Args:    moments - SecondMoments; counts - n_k (K,), above 0; ridge - at least 0; start - the
             Equivalent of the same moments for other counts, from which the solver starts.
    Returns: Equivalent.
    Raises:  ValueError - counts or ridge out of range; ArithmeticError - the solution of (1) is not
             found.
    """
    counts = np.asarray(counts, dtype=np.float64)
    if counts.shape != (len(moments.means),) or not (counts > 0).all() or not ridge >= 0:
        raise ValueError(
            f"expected a count above 0 for each of {len(moments.means)} classes and a ridge of at "
            f"least 0, found {counts} and {ridge}"
        )
    ridge = ridge or LIMIT * counts.min() * moments.smallest
    if start is None:
        log_weights, hessian = _first_guess(moments, counts, ridge), None
    else:
        log_weights, hessian = start.log_weights, start.hessian
    solved = _solve(moments, counts, ridge, log_weights, hessian)
    return _scores(moments, counts, solved)


def _first_guess(moments, counts, ridge):
    """log r_k for equal and isotropic classes."""
    left = 1 - counts.sum() / moments.directions
    if left > 0:
        return np.log(counts / (ridge + left * np.array([np.trace(c) for c in moments.seconds])))
    return np.log(counts / ridge * max(1 - moments.directions / counts.sum(), 1e-3))


class _Point:
    """(1) at given log r_k: its residual; `pairs` needs K products of matrices."""

    def __init__(self, moments, counts, ridge, log_weights):
        self.moments, self.log_weights = moments, log_weights
        self.weights = np.exp(log_weights)
        pooled = np.eye(moments.means.shape[1])
        for weight, second in zip(self.weights, moments.seconds, strict=True):
            blas.daxpy(second.ravel(), pooled.ravel(), a=weight)
        # The transpose is the same matrix in the order of LAPACK, which then copies nothing.
        self.factor, failed = lapack.dpotrf(pooled.T, lower=1, overwrite_a=1, clean=1)
        if failed:
            raise ArithmeticError("the pooled second moment is not positive definite")
        lower = lapack.dpotri(self.factor, lower=1)[0].T  # of Q, above the diagonal of this view
        diagonal = np.diag(lower)
        traces = [2 * np.vdot(lower, c) - diagonal @ np.diag(c) for c in moments.seconds]
        self.fitted = self.weights * (ridge + np.array(traces))  # left side of (1)
        self.gradient = self.fitted - counts
        self.residual = np.abs(self.gradient / counts).max()

    def pairs(self):
        """tr(C_j Q C_k Q) (K, K), estimated by random probes in more than EXACT dimensions."""
        # L^-1 C_k L^-T with L L^T = Q^-1, or its products with the probes.
        probes = self._solved(_probes(len(self.factor)), trans="T")
        turned = np.stack([self._solved(second @ probes) for second in self.moments.seconds])
        flat = turned.reshape(len(turned), -1)
        return flat @ flat.T

    def _solved(self, columns, trans="N"):
        return solve_triangular(self.factor, columns, trans, lower=True, check_finite=False)

    def hessian(self, pairs):
        """J (K, K) of (2)."""
        return np.diag(self.fitted) - np.outer(self.weights, self.weights) * pairs


def _probes(dimensions):
    """Columns V with E V V^T = I: the identity, or random signs (Hutchinson, 1990)."""
    if dimensions <= EXACT:
        return np.eye(dimensions)
    # The signs are the same in every call, so that the result is reproducible.
    signs = np.random.default_rng(0).integers(0, 2, (dimensions, PROBES))
    return (2.0 * signs - 1) / np.sqrt(PROBES)


def _solve(moments, counts, ridge, log_weights, hessian):
    """The _Point that solves (1), by Newton's method on (2).

    A Hessian costs as much as K residuals, so that it is kept while the residual falls.
    """
    point, length = _Point(moments, counts, ridge, log_weights), 1.0
    for _ in range(STEPS):
        if point.residual <= RESIDUAL:
            return point
        fresh = hessian is None
        if fresh:
            hessian = point.hessian(point.pairs())
        step = -np.linalg.solve(hessian, point.gradient)
        step *= length * min(1, LONGEST / np.abs(step).max())
        tried = _Point(moments, counts, ridge, point.log_weights + step)
        # The slope along the step changes sign beyond the minimum of the convex function.
        if tried.gradient @ step > 0.5 * abs(point.gradient @ step):
            length = length / 2 if fresh else 1.0
            hessian = hessian if fresh else None
            continue
        if tried.residual > 0.1 * point.residual:
            hessian = None
        point, length = tried, 1.0
    raise ArithmeticError(
        f"the deterministic equivalent was not found in {STEPS} steps: residual {point.residual:g} "
        f"instead of {RESIDUAL:g}"
    )


def _scores(moments, counts, point):
    """The Equivalent at the solution of (1)."""
    pairs, r = point.pairs(), point.weights
    hessian = point.hessian(pairs)
    turned = point._solved(moments.means.T)  # L^-1 mu_k, (m, K)
    inner = turned.T @ turned  # mu_l^T Q mu_m
    dual = point._solved(turned, trans="T")  # Q mu_k
    spread = np.stack([dual.T @ (c @ dual) for c in moments.seconds])  # mu_l^T Q C_j Q mu_m
    covariances = []
    for k in range(len(r)):
        # The random training rows of each class add variance to the scores of class k.
        u = np.linalg.solve(hessian, r * (pairs[:, k] - spread[:, k, k]))
        of_class = spread[k] - np.outer(inner[:, k], inner[k])
        total = of_class + np.tensordot(r * u, spread, 1) - (u[:, None] + u) * inner
        covariance = np.diag(r * u) + np.outer(r, r) * total
        covariances.append((covariance + covariance.T) / 2)
    return Equivalent(inner * r, np.array(covariances), point.log_weights, hessian)

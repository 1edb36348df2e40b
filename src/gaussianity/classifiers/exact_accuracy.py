"""The exact test accuracy of a linear classifier on a Gaussian mixture, without a test sample.

The scores of a test point of class k have the normal distribution N(m_k, S_k). The accuracy is
therefore a sum of probabilities that a normal vector lies in a cone.
"""

import contextlib
import functools

import numpy as np
from scipy.special import ndtr, ndtri

from gaussianity.moments.moments import stream_moments

MOST_POINTS, FEWEST_POINTS = 4096, 256  # of the Sobol sequence: for up to 32 classes, from 512
ROUNDING = 64 * np.finfo(np.float64).eps  # of a variance that is a difference of larger ones
SINGULAR = 1e-10  # a smaller share of a variance counts as 0


def mixture_accuracy(score_means, score_covariances, priors=None):
    """sum_k pi_k P(the largest of N(m_k, S_k) is the k-th): accuracy under a Gaussian mixture.

    Weights W (d, outputs) and bias b (outputs,) of a classifier and classes N(mu_k, Sigma_k) have
    score_means[k] = W^T mu_k + b and score_covariances[k] = W^T Sigma_k W.

    Args:    score_means - (classes, outputs), row k the mean scores of test points of class k;
             score_covariances - (classes, outputs, outputs), which can be singular; priors -
             (classes,), the shares of the classes, None for equal ones. There are as many outputs
             as classes, or 1 for two classes: class 1 is then predicted where the score is above
             0, as in `losses.predictions`.
    Returns: float in [0, 1]: exact for two classes, else within about 2e-4, and the same in every
             call. Scores that are equal with probability 1 count for the first of their classes.
    Raises:  ValueError - shapes that do not fit, numbers that are not finite, matrices that are
             not symmetric or have negative variances, priors that are
             negative or do not sum to 1.
    >>> round(mixture_accuracy([[-1.0], [1.0]], np.ones((2, 1, 1))), 6)
    0.841345
    """
    found = class_accuracies(score_means, score_covariances)
    priors = np.full(len(found), 1 / len(found)) if priors is None else np.asarray(priors, float)
    if priors.shape != found.shape:
        raise ValueError(f"priors must be of shape {found.shape}, found {priors.shape}")
    if not (priors >= 0).all() or abs(priors.sum() - 1) > 1e-6:
        raise ValueError(f"priors must be at least 0 and sum to 1, found {priors}")
    return float(priors @ found)


def class_accuracies(score_means, score_covariances):
    """P(the largest of N(m_k, S_k) is the k-th) of each class k: float64 (classes,).

    Args, Raises: see `mixture_accuracy`.
    """
    means = np.asarray(score_means, dtype=np.float64)
    covariances = np.asarray(score_covariances, dtype=np.float64)
    _check(means, covariances)
    if means.shape[1] == 1:  # one score against the zero of class 0
        means = np.concatenate([np.zeros_like(means), means], axis=1)
        covariances = np.pad(covariances, [(0, 0), (1, 0), (1, 0)])
    both = zip(means, covariances, strict=True)
    return np.array([_largest_is(k, mean, covariance) for k, (mean, covariance) in enumerate(both)])


def _check(means, covariances):
    if means.ndim != 2 or covariances.shape != (*means.shape, means.shape[1]):
        raise ValueError(
            "score_means and score_covariances must be of shape (classes, outputs) and (classes, "
            f"outputs, outputs), found {means.shape} and {covariances.shape}"
        )
    classes, outputs = means.shape
    if classes < 2 or outputs != (1 if classes == 2 and outputs == 1 else classes):
        raise ValueError(
            f"expected as many outputs as classes, or 1 for 2 classes, found {outputs} outputs for "
            f"{classes} classes"
        )
    if not (np.isfinite(means).all() and np.isfinite(covariances).all()):
        raise ValueError("score_means and score_covariances must be finite")
    rounding = 1e-6 * np.abs(covariances).max()
    if (np.abs(covariances - covariances.transpose(0, 2, 1)) > rounding).any():
        raise ValueError("score_covariances must be symmetric matrices, one for each class")
    if (np.diagonal(covariances, axis1=1, axis2=2) < -rounding).any():
        raise ValueError("score_covariances must have variances of at least 0 on their diagonals")


def _largest_is(k, mean, covariance):
    """P(s_k > s_l for all l), s ~ N(mean, covariance), as P(C y < b), y standard normal."""
    others = np.delete(np.arange(len(mean)), k)
    margin = mean[k] - mean[others]
    # Cov(s_k - s_l, s_k - s_m) of the other classes l and m.
    cross = covariance[k, others]
    spread = covariance[k, k] - cross[:, None] - cross + covariance[np.ix_(others, others)]
    variance, scale = (
        np.diag(spread),
        np.abs(covariance[k, k]) + np.abs(np.diag(covariance)[others]),
    )
    certain = variance <= ROUNDING * scale
    tie = ROUNDING * (np.abs(mean[k]) + np.abs(mean[others])) + ROUNDING**0.5 * scale**0.5
    lost = np.where(np.abs(margin) <= tie, others < k, margin < 0)
    if (certain & lost).any():
        return 0.0
    left = ~certain
    if not left.any():
        return 1.0
    deviation = np.sqrt(variance[left])
    bounds = margin[left] / deviation
    hardest = np.argsort(bounds, kind="stable")  # the smallest bound first reduces the error
    correlation = (spread[np.ix_(left, left)] / np.outer(deviation, deviation))[hardest][:, hardest]
    noise = (ROUNDING * scale[left] / variance[left])[hardest]
    return _probability(_root(correlation, np.maximum(noise, SINGULAR)), bounds[hardest])


def _root(correlation, tolerances):
    """C (n, rank), lower trapezoidal, with C C^T = correlation.

    It is Cholesky's factor, except that a row whose remaining variance is within its tolerance adds
    no column.
    """
    with contextlib.suppress(np.linalg.LinAlgError):
        factor = np.linalg.cholesky(correlation)
        if (np.diag(factor) ** 2 > tolerances).all():
            return factor
    columns, left = [], correlation.copy()
    for i, tolerance in enumerate(tolerances):
        if left[i, i] > tolerance:
            column = left[:, i] / np.sqrt(left[i, i])
            column[:i] = 0
            columns.append(column)
            left -= np.outer(column, column)
    root = np.stack(columns, axis=1)
    size = np.abs(root)  # an entry that is 0 up to rounding would give its y a random bound
    root[size < np.minimum(np.sqrt(tolerances), size.max(axis=1) / 2)[:, None]] = 0
    return root


def _probability(root, bounds):
    """P(C y < b) for y ~ N(0, I), by separation of variables.

    Args:    root - C (n, rank), where row i bounds the y of its last entry that is not 0; bounds -
             b (n,).
    Source:  Genz (1992), J. Comput. Graph. Stat. 1, 141-149; for the singular case, Genz and Kwong
             (2000), J. Stat. Comput. Simul. 68, 1-21.
    """
    n, rank = root.shape
    last = rank - 1 - (root[:, ::-1] != 0).argmax(axis=1)
    points = _points(rank - 1, n)
    y = np.zeros((rank, len(points)))
    probability = np.ones(len(points))
    for j in range(rank):
        rows = np.flatnonzero(last == j)
        limits = (bounds[rows, None] - root[rows, :j] @ y[:j]) / root[rows, j, None]
        above = root[rows, j] > 0
        high = ndtr(limits[above].min(axis=0, initial=np.inf))
        low = ndtr(limits[~above].max(axis=0, initial=-np.inf))
        inside = np.maximum(high - low, 0)
        probability *= inside
        if j < rank - 1:
            y[j] = ndtri(np.clip(low + points[:, j] * inside, 1e-300, 1 - 1e-16))
    return float(probability.mean())


@functools.lru_cache(maxsize=8)
def _points(dimensions, others):
    """The scrambled Sobol sequence (points, dimensions) of a fixed seed.

    There are fewer points for many classes, because the errors of the classes average out.
    """
    if not dimensions:
        return np.zeros((1, 0))
    from scipy.stats import qmc  # takes half a second, and two classes do not need it

    count = min(MOST_POINTS, max(FEWEST_POINTS, 32 * MOST_POINTS // (others + 1)))
    return qmc.Sobol(dimensions, rng=0).random_base2(count.bit_length() - 1)


def fitted_accuracies(weights, classes, shrinkages=None):
    """Exact accuracy of each classifier where class k is N(mean, covariance) of the k-th rows.

    The accuracy depends on the mean and covariance of the scores alone, which are those of the
    scores of the rows. No (d, d) matrix is needed.

    Args:    weights - arrays (outputs, d), one for each classifier, without bias; classes - for
             each class an iterable of its rows (n_i, d), with one batch in memory at a time;
             shrinkages - s of each class, whose covariance is (1 - s) C + s m I with m the mean
             variance of a pixel; None for 0.
    Returns: float64 (classifiers,), for equally frequent classes.
    """
    everything = np.concatenate(weights).T  # (d, all outputs)
    if shrinkages is None:
        scored = [_Scores(batches, everything) for batches in classes]
        shrinkages = np.zeros(len(scored))
    else:
        scored = [_ScoresAndPixels(batches, everything) for batches in classes]
    ends, found = np.cumsum([len(w) for w in weights]), []
    for w, end in zip(weights, ends, strict=True):
        own = slice(end - len(w), end)
        means = np.stack([rows.scores.mean[own] for rows in scored])
        covariances = [
            (1 - s) * rows.scores.covariance[own, own] + s * rows.mean_variance * (w @ w.T)
            for rows, s in zip(scored, shrinkages, strict=True)
        ]
        found.append(mixture_accuracy(means, np.stack(covariances)))
    return np.array(found)


class _Scores:
    """Moments of the scores of rows."""

    mean_variance = 0.0  # of a pixel; only a shrinkage needs it

    def __init__(self, batches, weights):
        self.scores = stream_moments(batch @ weights for batch in batches)


class _ScoresAndPixels:
    """Moments of the scores of rows, and the mean variance of a pixel of the rows."""

    def __init__(self, batches, weights):
        self.mean, self.squares, self.count = 0.0, 0.0, 0
        self.scores = stream_moments(self._scored(batch, weights) for batch in batches)
        self.mean_variance = float(np.sum(self.squares) / (self.count - 1) / len(weights))

    def _scored(self, batch, weights):
        """Scores of a batch; its variances are merged as Chan, Golub and LeVeque (1983) do."""
        part = np.asarray(batch, dtype=np.float64)
        total = self.count + len(part)
        shift = part.mean(axis=0) - self.mean
        self.squares += part.var(axis=0) * len(part) + shift**2 * self.count * len(part) / total
        self.mean, self.count = self.mean + shift * len(part) / total, total
        return batch @ weights

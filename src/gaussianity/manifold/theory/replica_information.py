"""Replica-symmetric information I(X_0; X_t) / d of data on a manifold at diffusion time t.

    I(t) / d = min over v in (0, 1] of  beta / 2 (v - 1 - log v) + J(v; t),

v is the mean square error of a latent coordinate. J is the information of the scalar channel whose
pre-activation has an unknown part of variance kappa v and a known part of variance
kappa (1 + m^2 - v). The potential may have several minima; the lowest one is taken.

J is tabulated at Chebyshev points in log v and log t. A table serves all beta and alpha, and only
the required times are computed. Minima and times are then those of polynomials.

Source: Barbier, Krzakala, Macris, Miolane and Zdeborova (2019), PNAS 116(12). The maximum over the
overlap in their formula is carried out here; v = 1 / (1 + r) in their symbols.
"""

import functools

import numpy as np
from numpy.polynomial import chebyshev

from gaussianity.manifold.theory.scalar_channel import channel_information

LEAST_ERROR = 1e-5  # v
ERROR_POINTS = 44
TIME_POINTS = 7  # in each segment, both ends among them
SEGMENTS = tuple(4.0 * 0.5625**k for k in range(11))  # end points of the segments of times
DENSE = 400  # values of log v that start the search for a minimum
BISECTIONS = 34


class ReplicaInformation:
    """I(X_0; X_t) / d of a manifold with independent weights.

    Args:    phi - an Activation; separation - m = |mu| / sqrt(p) >= 0; kappa > 0.
    """

    def __init__(self, phi, *, separation=0.0, kappa=1.0):
        self.phi, self.kappa, self.variance = phi, kappa, 1 + separation**2
        self.at_time = functools.cache(self._at_time)
        self.segment = functools.cache(self._segment)

    def channel(self, v, t):
        """J(v; t), nats; v in (0, 1], t > 0."""
        unknown = self.kappa * v
        return channel_information(
            self.phi, max(self.kappa * self.variance - unknown, 0.0), unknown, t
        )

    def __call__(self, t, beta):
        """I(X_0; X_t) / d in nats, of the shape of beta, at one time t."""
        beta = np.asarray(beta, dtype=np.float64)
        series = np.broadcast_to(_series(self.at_time(float(t))), (beta.size, ERROR_POINTS))
        return _lowest(series, beta.ravel())[0].reshape(beta.shape)

    def times(self, alpha, beta):
        """Times at which I(X_0; X_t) / d = alpha; NaN where there is none within SEGMENTS.

        Args:    alpha, beta - arrays that broadcast, nats and p / d.
        Returns: float64, their common shape.
        """
        alpha, beta = np.broadcast_arrays(np.asarray(alpha, float), np.asarray(beta, float))
        shape, alpha, beta = alpha.shape, alpha.ravel(), beta.ravel()
        found, above = np.full(alpha.shape, np.nan), self(SEGMENTS[0], beta)
        wanted = above <= alpha  # the information falls with time
        for k in range(len(SEGMENTS) - 1):
            if not wanted.any():
                break
            inside = wanted & (self(SEGMENTS[k + 1], beta) > alpha)
            if inside.any():
                found[inside] = self._bisected(k, alpha[inside], beta[inside])
            wanted &= ~inside
        return found.reshape(shape)

    def _bisected(self, k, alpha, beta):
        high, low = np.log(SEGMENTS[k]), np.log(SEGMENTS[k + 1])
        high, low = np.full(alpha.shape, high), np.full(alpha.shape, low)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            over = _lowest(self._series_at(k, middle), beta)[0] > alpha
            low, high = np.where(over, middle, low), np.where(over, high, middle)
        return np.exp((low + high) / 2)

    def _series_at(self, k, log_times):
        """Chebyshev series in log v (n, ERROR_POINTS) at times (n,) of a segment."""
        ends = np.log([SEGMENTS[k + 1], SEGMENTS[k]])
        unit = 2 * (log_times - ends[0]) / (ends[1] - ends[0]) - 1
        return chebyshev.chebvander(unit, TIME_POINTS - 1) @ self.segment(k)

    def _segment(self, k):
        """Chebyshev series in log t and log v (TIME_POINTS, ERROR_POINTS)."""
        middle, half = _scale(np.log(SEGMENTS[k + 1]), np.log(SEGMENTS[k]))
        inner = np.exp(middle + half * chebyshev.chebpts2(TIME_POINTS)[1:-1])
        times = (
            SEGMENTS[k + 1],
            *map(float, inner),
            SEGMENTS[k],
        )  # the values at both ends are kept
        in_error = np.array([_series(self.at_time(t)) for t in times])
        basis = chebyshev.chebvander(chebyshev.chebpts2(TIME_POINTS), TIME_POINTS - 1)
        return np.linalg.solve(basis, in_error)

    def _at_time(self, t):
        """J at the Chebyshev points of log v (ERROR_POINTS,)."""
        middle, half = _scale(np.log(LEAST_ERROR), 0.0)
        return np.array([self.channel(v, t) for v in np.exp(middle + half * _points(ERROR_POINTS))])


def _scale(low, high):
    return (low + high) / 2, (high - low) / 2


def _points(count):
    """Chebyshev points of the first kind, in (-1, 1)."""
    return chebyshev.chebpts1(count)


def _series(values):
    """Coefficients (k,) of the polynomial through values (k,) at the Chebyshev points."""
    count = len(values)
    basis = chebyshev.chebvander(_points(count), count - 1)  # (point, degree)
    weights = np.full(count, 2 / count)
    weights[0] = 1 / count
    return values @ basis * weights


@functools.cache
def _dense_logs():
    return np.linspace(np.log(LEAST_ERROR), 0.0, DENSE)


@functools.cache
def _dense_basis():
    return chebyshev.chebvander(np.linspace(-1, 1, DENSE), ERROR_POINTS - 1).T


def _prior(logs, beta):
    """beta / 2 (v - 1 - log v) at v = exp(logs)."""
    return beta / 2 * (np.expm1(logs) - logs)


def _dense_values(series, beta):
    """The potential (n, DENSE) for series (n, ERROR_POINTS) and beta (n,)."""
    return _prior(_dense_logs(), beta[:, None]) + series @ _dense_basis()


def _lowest(series, beta):
    """Lowest value of the potential (n,), and its log v."""
    starts = _dense_logs()[_dense_values(series, beta).argmin(axis=1)]
    logs, values = _polished(series, beta, starts)
    return values, logs


def _polished(series, beta, logs):
    """Minima log v after Newton's steps from the nearest dense points, and their potential."""
    middle, half = _scale(np.log(LEAST_ERROR), 0.0)
    spacing = 2 * half / (DENSE - 1)
    start = logs
    for _ in range(2):
        slope, curvature = (
            _evaluated(chebyshev.chebder(series, order, axis=1), (logs - middle) / half)
            / half**order
            for order in (1, 2)
        )
        slope = slope + beta / 2 * np.expm1(logs)
        curvature = curvature + beta / 2 * np.exp(logs)
        step = np.where(curvature > 0, slope / np.where(curvature > 0, curvature, 1), 0)
        logs = np.clip(logs - step, start - spacing, np.minimum(start + spacing, 0.0))
    return logs, _prior(logs, beta) + _evaluated(series, (logs - middle) / half)


def _evaluated(series, unit):
    """Value (n,) of each series (n, k) at a place of its own in [-1, 1]."""
    return (chebyshev.chebvander(unit, series.shape[1] - 1) * series).sum(axis=1)

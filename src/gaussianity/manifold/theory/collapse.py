"""When the reverse process with the score of n samples collapses on one of them.

The collapse time t_C is where noise still tells which sample it hides, I(X_0; X_t) / d = alpha with
alpha = log(n) / d: in closed form, by an integral, or replica symmetric. Times are those of
X_t = e^-t X_0 + sqrt(1 - e^-2t) g; information is in nats.

Source: Biroli, Bonnaire, de Bortoli and Mezard (2024), arXiv 2402.18491, for the condition; George,
Veiga and Macris (2025), arXiv 2502.04339, for linear manifolds.
"""

import numpy as np
from scipy import optimize

from gaussianity.manifold.theory.activations import ACTIVATIONS
from gaussianity.manifold.theory.replica_information import ReplicaInformation

SHORTEST, LONGEST = 1e-6, 20.0  # times among which the integral's is looked for


def rate(n, d, classes=1):
    """alpha = log(n / classes) / d, of n samples in d dimensions.

    Args:    classes - that the noise tells apart at t_C: then a sample is to be known only among
             those of its class.
    """
    return np.log(np.asarray(n) / classes) / d


def signal_to_noise(t):
    """e^-2t / (1 - e^-2t)."""
    return 1 / np.expm1(2 * np.asarray(t, dtype=np.float64))


def gaussian_time(alpha, variance=1.0):
    """t_C of isotropic normal data: 1/2 log(1 + sigma^2 / (e^(2 alpha) - 1)); Biroli et al. 2024.
    NaN where alpha <= 0, for one sample or less: there is none to be told from it.

    >>> print(f"{gaussian_time(np.log(2) / 2):.4f} {np.log(2) / 2:.4f}")
    0.3466 0.3466
    """
    alpha = np.asarray(alpha, dtype=np.float64)
    return 0.5 * np.log1p(variance / np.expm1(2 * np.where(alpha > 0, alpha, np.nan)))


def isometric_time(alpha, beta, kappa=None):
    """t_C of a linear manifold with F^T F = (kappa / beta) I: 1/2 log(1 + (kappa / beta) /
    (e^(2 alpha / beta) - 1)), the paper's with kappa = beta, where it depends on n^(2 / p) alone.

    Args:    alpha, beta, kappa - arrays that broadcast; kappa None - beta.
    """
    alpha, beta = np.asarray(alpha, dtype=np.float64), np.asarray(beta, dtype=np.float64)
    return gaussian_time(alpha / beta, 1.0 if kappa is None else kappa / beta)


def linear_information(t, beta, kappa=1.0):
    """I(X_0; X_t) / d of a linear manifold with independent weights: beta / 2 times the mean of
    log(1 + lambda x) over Marchenko and Pastur's distribution, where
    lambda = (kappa / beta) e^-2t / (1 - e^-2t).

    Source: Tulino and Verdu (2004), Random matrix theory and wireless communications: the Shannon
    transform, that mean in closed form.
    """
    gain = np.asarray(kappa / beta * signal_to_noise(t))
    wide, narrow = ((1 + sign * np.sqrt(beta)) ** 2 for sign in (1, -1))
    f = (np.sqrt(gain * wide + 1) - np.sqrt(gain * narrow + 1)) ** 2 / 4
    mean = np.log1p(gain - f) + np.log1p(gain * beta - f) / beta - f / (gain * beta)
    return beta / 2 * mean


@np.vectorize
def linear_time(alpha, beta, kappa=1.0):
    """t_C of a linear manifold with independent weights; arguments broadcast.

    Returns: float64; NaN where alpha <= 0, or so large or small that t_C is beyond SHORTEST or
             LONGEST.
    """

    def excess(t):
        return linear_information(t, beta, kappa) - alpha

    if not excess(SHORTEST) > 0 > excess(LONGEST):
        return np.nan
    return optimize.brentq(excess, SHORTEST, LONGEST, xtol=1e-12)


def times_of(distribution):
    """t_C as a function of alpha, by the simplest formula that holds for a distribution.

    Args:    distribution - ManifoldDistribution.
    Returns: function of an array, float64 of its shape; NaN where there is no time, and beyond the
             replica-symmetric table's.
    Raises:  ValueError - the weights are isometric and the activation is not linear: for these
             there is no formula here.
    """
    if distribution.activation is ACTIVATIONS["linear"]:
        of_weights = isometric_time if distribution.isometric else linear_time
        return lambda alpha: of_weights(alpha, distribution.beta, distribution.kappa)
    if distribution.isometric:
        raise ValueError("expected independent weights where the activation is not linear")
    information = ReplicaInformation(
        distribution.activation, separation=distribution.separation, kappa=distribution.kappa
    )
    return lambda alpha: information.times(alpha, distribution.beta)


def collapse_time(distribution, n, *, classes=1):
    """t_C of n samples, a number or an array, of a distribution; see `times_of` and `rate`."""
    return times_of(distribution)(rate(n, distribution.d, classes))


def finite_times(times, alpha, d, chosen_at):
    """t_C of n and of n / 2 samples, between which finite training sets collapse.

    At the transition of the random energy model the sum over the other samples is half of its mean,
    as if there were half as many. Noise at the collapse tells classes apart that were chosen before
    it: a sample is then sought only among the half that are of its class. The time of n decides
    whether, for both.

    Args:    times - t_C as a function of alpha, an array; alpha, of n, and d - numbers or arrays
             (k,); chosen_at - when the class is chosen, 1/2 log Lambda, NaN for never.
    Returns: two arrays as `times` returns them, for n and for n / 2.
    """
    half = np.log(2) / d
    # NaN, a class never chosen, compares as false.
    in_class = np.where(np.isnan(chosen_at), alpha, alpha - half)
    within = np.where(times(in_class) < chosen_at, in_class, alpha)
    return times(within), times(within - half)

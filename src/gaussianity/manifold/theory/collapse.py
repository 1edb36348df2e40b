"""Time at which the reverse process with the score of n samples collapses on one of them.

At the collapse time t_C the noisy image determines which of n samples it comes from:
I(X_0; X_t) / d = alpha with alpha = log(n) / d. The information is known in closed form, as an
integral, or from the replica-symmetric formula. Times are those of
X_t = e^-t X_0 + sqrt(1 - e^-2t) g. Information is in nats.

Source: Biroli, Bonnaire, de Bortoli and Mezard (2024), arXiv 2402.18491, for the condition; George,
Veiga and Macris (2025), arXiv 2502.04339, for linear manifolds.
"""

import numpy as np
from scipy import optimize

from gaussianity.manifold.theory.activations import ACTIVATIONS
from gaussianity.manifold.theory.replica_information import ReplicaInformation

SHORTEST, LONGEST = 1e-6, 20.0  # bounds of the search for t_C of the integral


def rate(n, d, classes=1):
    """alpha = log(n / classes) / d, of n samples in d dimensions.

    Args:    classes - number of classes that are still distinguished at t_C; only the samples of
             one class then compete.
    """
    return np.log(np.asarray(n) / classes) / d


def signal_to_noise(t):
    """e^-2t / (1 - e^-2t)."""
    return 1 / np.expm1(2 * np.asarray(t, dtype=np.float64))


def gaussian_time(alpha, variance=1.0):
    """t_C of isotropic normal data: 1/2 log(1 + sigma^2 / (e^(2 alpha) - 1)); Biroli et al. 2024.

    It is NaN where alpha <= 0, for one sample or less.

    >>> print(f"{gaussian_time(np.log(2) / 2):.4f} {np.log(2) / 2:.4f}")
    0.3466 0.3466
    """
    alpha = np.asarray(alpha, dtype=np.float64)
    return 0.5 * np.log1p(variance / np.expm1(2 * np.where(alpha > 0, alpha, np.nan)))


def isometric_time(alpha, beta, kappa=None):
    """t_C of a linear manifold with F^T F = (kappa / beta) I.

    t_C = 1/2 log(1 + (kappa / beta) / (e^(2 alpha / beta) - 1)). In the paper kappa = beta, so t_C
    depends on n^(2 / p) alone.

    Args:    alpha, beta, kappa - arrays that broadcast; kappa None - beta.
    """
    alpha, beta = np.asarray(alpha, dtype=np.float64), np.asarray(beta, dtype=np.float64)
    return gaussian_time(alpha / beta, 1.0 if kappa is None else kappa / beta)


def linear_information(t, beta, kappa=1.0):
    """I(X_0; X_t) / d of a linear manifold with independent weights.

    It is beta / 2 times the mean of log(1 + lambda x) over Marchenko and Pastur's distribution,
    with lambda = (kappa / beta) e^-2t / (1 - e^-2t).

    Source: Tulino and Verdu (2004), Random matrix theory and wireless communications: the Shannon
    transform, which is this mean in closed form.
    """
    gain = np.asarray(kappa / beta * signal_to_noise(t))
    wide, narrow = ((1 + sign * np.sqrt(beta)) ** 2 for sign in (1, -1))
    f = (np.sqrt(gain * wide + 1) - np.sqrt(gain * narrow + 1)) ** 2 / 4
    mean = np.log1p(gain - f) + np.log1p(gain * beta - f) / beta - f / (gain * beta)
    return beta / 2 * mean


@np.vectorize
def linear_time(alpha, beta, kappa=1.0):
    """t_C of a linear manifold with independent weights; arguments broadcast.

    Returns: float64; NaN where alpha <= 0 and where t_C is not between SHORTEST and LONGEST.
    """

    def excess(t):
        return linear_information(t, beta, kappa) - alpha

    if not excess(SHORTEST) > 0 > excess(LONGEST):
        return np.nan
    return optimize.brentq(excess, SHORTEST, LONGEST, xtol=1e-12)


def times_of(distribution):
    """t_C as a function of alpha, by the simplest formula that holds for a distribution.

    Args:    distribution - ManifoldDistribution.
    Returns: function of an array, float64 of its shape; NaN where there is no time, and where the
             time is outside the replica-symmetric table.
    Raises:  ValueError - the weights are isometric and the activation is not linear; this module
             has no formula for them.
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
    """t_C of n and of n / 2 samples; finite training sets collapse between the two.

    At the transition of the random energy model the sum over the other samples is typically half of
    its mean, as if there were half as many samples. A class that is chosen before the collapse
    reduces the number of samples that compete by the factor 2. Whether this applies is decided by
    t_C of n, for both times.

    Args:    times - function of an array, t_C of alpha; alpha, of n, and d - numbers or arrays
             (k,); chosen_at - time at which the class is chosen, 1/2 log Lambda, NaN for never.
    Returns: two arrays as `times` returns them, for n and for n / 2.
    """
    half = np.log(2) / d
    # A class that is never chosen has the time NaN, for which the comparison is false.
    in_class = np.where(np.isnan(chosen_at), alpha, alpha - half)
    within = np.where(times(in_class) < chosen_at, in_class, alpha)
    return times(within), times(within - half)

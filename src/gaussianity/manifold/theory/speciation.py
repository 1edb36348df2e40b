"""Speciation times, at which the reverse process chooses one of two classes, and clone agreement.

The forward process is X_t = e^-t X_0 + sqrt(1 - e^-2t) g. Clones are two reverse trajectories that
separate at time t. They end in the same class with a probability phi between 1/2 and 1.

Source: Biroli, Bonnaire, de Bortoli and Mezard (2024), arXiv 2402.18491, for the criteria; George,
Veiga and Macris (2025), arXiv 2502.04339, for data on a manifold.
"""

import numpy as np
from scipy import optimize

from gaussianity.manifold.theory.quadrature import normal_rule

CRITERIA = ("potential", "spectral", "deflection")
FIRST, LAST = 1e-9, 20.0  # times with all and with no information about the class


def leading_variance(distribution):
    """Largest eigenvalue Lambda of the covariance of a ManifoldDistribution, for |F mu|^2 >> 1.

    Lambda = rho_1^2 |F mu|^2 + rho_*^2, that of the Gaussian equivalent of an odd activation.
    """
    _, slope, rest = distribution.coefficients
    return slope**2 * distribution.signal + rest**2


def potential_time(variance):
    """t_S = 1/2 log(2 Lambda), at which the potential's curvature between the classes vanishes.

    This is the paper's criterion. Clones agree with probability `clone_agreement(1 / 2)`, 0.675.
    The time is negative where Lambda < 1/2: then no class is ever chosen.
    """
    return 0.5 * np.log(2 * np.asarray(variance))


def spectral_time(variance):
    """t_S = 1/2 log Lambda, at which the leading variance is that of the noise: Lambda e^-2t = 1.

    Clones agree with probability `clone_agreement(1)`, 0.775.
    """
    return 0.5 * np.log(variance)


def clone_agreement(deflection):
    """Probability that clones end in the same class: (1 + E tanh^2(D + sqrt(D) g)) / 2.

    It holds for two classes N(+-m, Sigma) of any dimension, whose log-likelihood ratio at time t is
    normal.

    Args:    deflection - D(t) >= 0, see `deflection`; an array.
    >>> [round(float(clone_agreement(D)), 4) for D in (0.0, 0.5, 1.0)]
    [0.5, 0.6751, 0.7752]
    """
    nodes, weights = normal_rule([0.0])
    deflection = np.asarray(deflection, dtype=np.float64)[..., None]
    ratio = deflection + np.sqrt(deflection) * nodes
    return 0.5 * (1 + np.tanh(ratio) ** 2 @ weights)


def deflection(t, loadings, variances):
    """D(t) = e^-2t m^T (e^-2t Sigma + (1 - e^-2t) I)^-1 m of two classes N(+-m, Sigma).

    Args:    t - times, an array; loadings - (d,) squared coordinates of m in Sigma's eigenvectors;
             variances - (d,) its eigenvalues.
    Returns: float64, of the shape of t.
    """
    noise = np.expm1(2 * np.asarray(t, dtype=np.float64))[..., None]
    return (loadings / (variances + noise)).sum(axis=-1)


def equivalent_deflection(t, distribution):
    """D(t) of the Gaussian equivalent of a ManifoldDistribution, in the limit of high dimension.

    Its classes are N(+-rho_1 F mu, rho_1^2 F F^T + rho_*^2 I). By the matrix inversion lemma,
    m^T (...)^-1 m = |mu|^2 / p tr[A (A + s I)^-1] with A = rho_1^2 F^T F and s = rho_*^2 + e^2t -
    1. The trace is over Marchenko and Pastur's distribution, or over one eigenvalue where F is
    isometric.

    Args:    t - times > 0, an array.
    """
    _, slope, rest = distribution.coefficients
    level = rest**2 + np.expm1(2 * np.asarray(t, dtype=np.float64))
    gain = slope**2 * distribution.kappa / distribution.beta / level  # mean eigenvalue of A over s
    share = (
        gain / (1 + gain) if distribution.isometric else _resolvent_share(gain, distribution.beta)
    )
    return distribution.p * distribution.separation**2 * share


def _resolvent_share(gain, ratio):
    """Mean of gain x / (1 + gain x) over Marchenko and Pastur's distribution of a ratio.

    Source: Tulino and Verdu (2004), Random matrix theory and wireless communications: one minus the
    eta transform.
    """
    wide, narrow = ((1 + sign * np.sqrt(ratio)) ** 2 for sign in (1, -1))
    root = np.sqrt(1 + gain * wide) - np.sqrt(1 + gain * narrow)
    return root**2 / (4 * gain * ratio)


def deflection_time(level, of_time):
    """The time at which D(t) = level.

    Args:    level - > 0; of_time - D, a decreasing function of time.
    Returns: float; NaN where D is below the level at all times.
    """
    if not of_time(FIRST) > level:
        return np.nan
    return optimize.brentq(lambda t: of_time(t) - level, FIRST, LAST, xtol=1e-12)


def speciation_times(distribution):
    """Speciation times of a ManifoldDistribution by each of CRITERIA.

    Returns: dict of floats: potential, 1/2 log 2 Lambda; spectral, 1/2 log Lambda; deflection,
             where D = 1/2 under the Gaussian equivalent. All are NaN where D is always below 1/2:
             classes that coincide have no speciation. Under an even activation rho_1 is 0 and the
             classes coincide.
    """
    at_half = deflection_time(0.5, lambda t: equivalent_deflection(t, distribution))
    if np.isnan(at_half):
        return dict.fromkeys(CRITERIA, np.nan)
    variance = leading_variance(distribution)
    times = potential_time(variance), spectral_time(variance), at_half
    return dict(zip(CRITERIA, map(float, times), strict=True))

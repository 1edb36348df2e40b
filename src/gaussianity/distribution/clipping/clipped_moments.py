"""Normal variables that are clipped to [0, 1]: their moments, and the variables of given moments.

A clipped variable is X = min(max(m + s Z, 0), 1) with a standard normal Z. It is not clipped where
alpha < Z < beta, alpha = -m/s and beta = (1 - m)/s. Every mean and variance with
0 < variance < mean (1 - mean) belongs to exactly one clipped variable. All distributions on [0, 1]
have variance <= mean (1 - mean), with equality for the two points 0 and 1.
"""

import numpy as np
from scipy import special

TERMS = 40  # of the series of a covariance
LOG_SPREADS = -12.0, 6.0  # range of log s
FURTHEST = 30.0  # of m below 0, in units of s
SPREAD_STEPS, CENTRE_STEPS = 50, 60
BISECTIONS, NEWTON_STEPS = 6, 5  # of a correlation
CLOSE = 1e-13  # of the centre, in units of the spread
TINY = 1e-300
PAIRS = 2048  # of one block, whose products fit into a processor's cache


def clipped_moments(m, s):
    """Mean and variance of N(m, s^2) clipped to [0, 1].

    Args:    m, s - float64, of one shape, s > 0.
    Returns: mean, variance, of this shape.
    """
    mean, variance, _ = _moments(np.minimum(m, 1 - m), s)
    return np.where(m > 0.5, 1 - mean, mean), variance  # 1 - X is the variable of 1 - m


def probability_inside(m, s):
    """Probability with which N(m, s^2) lies in [0, 1]."""
    return _moments(np.minimum(m, 1 - m), s)[2]


def _moments(m, s):
    """Mean, variance and probability inside for m <= 1/2, where only lower tails are subtracted."""
    alpha, beta = -m / s, (1 - m) / s
    at_alpha, at_beta, above = density(alpha), density(beta), special.ndtr(-beta)
    inside = special.ndtr(-alpha) - above
    mean = above + m * inside + s * (at_alpha - at_beta)
    square = above + (m * m + s * s) * inside + 2 * m * s * (at_alpha - at_beta)
    square += s * s * (alpha * at_alpha - beta * at_beta)
    return mean, square - mean * mean, inside


def density(z):
    """Density of the standard normal distribution."""
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def latent(mean, variance):
    """The normal variables that have a given mean and variance once they are clipped to [0, 1].

    Bisection of log s. At each s the mean decides m.

    Args:    mean, variance - float64 (d,), 0 < variance < mean (1 - mean).
    Returns: m, s (d,). A larger variance, which no variable on [0, 1] has, gives the largest s.
    """
    swapped = mean > 0.5
    target = np.where(swapped, 1 - mean, mean)
    low, high = (np.full(target.shape, end) for end in LOG_SPREADS)
    for _ in range(SPREAD_STEPS):
        middle = (low + high) / 2
        s = np.exp(middle)
        m = _centre(target, s)
        less = _moments(m, s)[1] < variance
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return np.where(swapped, 1 - m, m), s


def _centre(target, s):
    """The m at which N(m, s^2) has the mean target <= 1/2 once it is clipped, by Newton's method.

    The mean is an integral over t in [0, 1] of the probabilities P(m + s Z > t), which are
    log-concave in (m, t). Hence the logarithm of the mean is concave in m, and Newton's method
    converges from every start. The target itself is a start, since m <= target.
    """
    m = target
    for _ in range(CENTRE_STEPS):
        mean, _, inside = _moments(m, s)
        step = np.log(mean / target) * mean / inside
        m = np.maximum(m - step, -FURTHEST * s)
        if np.all(np.abs(step) <= CLOSE * np.maximum(s, 1e-3)):
            break
    return m


def coefficients(m, s):
    """Hermite coefficients a_r of clipped variables: X = mean + sum_r a_r He_r(Z) / sqrt(r!).

    a_1 = s P(inside), a_r = s [He_(r-2)(alpha) phi(alpha) - He_(r-2)(beta) phi(beta)] / sqrt(r!).

    Args:    m, s - (d,).
    Returns: (TERMS, d), a_1 first.
    """
    alpha, beta = (np.clip(z, -38, 38) for z in (-m / s, (1 - m) / s))  # the density is 0 beyond
    ends = np.stack([alpha, beta])
    at_ends = density(ends)
    before, now = np.zeros_like(ends), np.ones_like(ends)  # He_r / sqrt(r!) at r = -1 and 0
    found = [s * probability_inside(m, s)]
    for r in range(2, TERMS + 1):
        difference = now[0] * at_ends[0] - now[1] * at_ends[1]
        found.append(s * difference / np.sqrt(r * (r - 1)))
        order = r - 1
        before, now = now, (ends * now - np.sqrt(order - 1) * before) / np.sqrt(order)
    return np.stack(found)


def series(products, rho):
    """sum_r products_r rho^r from r = 1: covariance of two clipped variables with correlation rho.

    Args:    products - (TERMS, p), a_r(i) a_r(j) of p pairs; rho - (p,).
    Returns: (p,).
    Source:  Mehler's formula; Lancaster (1957), Biometrika 44.
    """
    total = np.zeros_like(rho)
    for product in products[::-1]:
        total += product
        total *= rho
    return total


def clipped_covariances(terms, rho):
    """Covariances of clipped variables whose normal variables have the correlations rho.

    Where rho = 1 the series is short of the variance by at most .3 % for |alpha|, |beta| < 2 and by
    1.3 % at 3.5. What is missing falls like rho^41.

    Args:    terms - (TERMS, d), see `coefficients`; rho - (d, d).
    Returns: (d, d), the diagonal by the series as well.
    """
    size = max(1, PAIRS // max(1, len(rho)))
    found = np.empty_like(rho)
    for first in range(0, len(rho), size):
        rows = slice(first, first + size)
        products = terms[:, rows, None] * terms[:, None, :]
        found[rows] = series(products, rho[rows])
    return found


def latent_correlations(terms, covariance):
    """Correlations of normal variables that have given covariances once they are clipped.

    The covariance increases with rho. A covariance out of reach gives -1 or 1.

    Args:    terms - (TERMS, d), see `coefficients`; covariance - (d, d).
    Returns: (d, d), symmetric, 1 on the diagonal; in general not positive definite.
    """
    d = len(covariance)
    found = np.eye(d)
    first, second = np.triu_indices(d, 1)
    for start in range(0, len(first), PAIRS):
        i, j = first[start : start + PAIRS], second[start : start + PAIRS]
        found[i, j] = found[j, i] = _correlations(terms[:, i] * terms[:, j], covariance[i, j])
    return found


def _correlations(products, wanted):
    """Bisection to an interval of 1/32, then Newton's method within the interval that is left."""
    low, high = np.full(wanted.shape, -1.0), np.ones(wanted.shape)
    rho = np.zeros(wanted.shape)
    for _ in range(BISECTIONS):
        less = series(products, rho) < wanted
        low, high = np.where(less, rho, low), np.where(less, high, rho)
        rho = (low + high) / 2
    orders = np.arange(1, len(products) + 1)[:, None]
    slopes = products * orders
    for _ in range(NEWTON_STEPS):
        excess = series(products, rho) - wanted
        low, high = np.where(excess < 0, rho, low), np.where(excess < 0, high, rho)
        slope = np.maximum(_slope(slopes, rho), TINY)
        rho = np.clip(rho - excess / slope, low, high)
    return rho


def _slope(slopes, rho):
    total = slopes[-1].copy()
    for slope in slopes[-2::-1]:
        total *= rho
        total += slope
    return total

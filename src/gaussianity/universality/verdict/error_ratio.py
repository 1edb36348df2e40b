"""The ratio of two error rates over independent units: is it near 1?

Where both accuracies are near 1, their difference cannot exceed a margin. The ratio of the error
rates can. Both one-sided tests are on differences that are linear in the error rates, so that error
rates of 0 are no exception.
"""

import numpy as np
from scipy.special import stdtrit

from gaussianity.universality.verdict.equivalence import interval, p_positive


def ratio_interval(errors, reference, level):
    """Fieller's interval of E errors / E reference, of confidence 1 - 2 level.

    It contains the ratios r for which the t interval of errors - r reference contains 0. An end
    that the data leave open is 0 or infinite.

    Args:    errors, reference - (units,) error rates, paired; level - of each one-sided test.
    Returns: low, high, in [0, inf].
    Source:  Fieller (1954), J. Royal Statistical Society B 16(2).
    """
    units = len(errors)
    if units < 2:
        return 0.0, np.inf
    x, y = np.mean(errors), np.mean(reference)
    q = stdtrit(units - 1, 1 - level) ** 2 / units
    of_x, shared, of_y = q * np.cov(errors, reference)[[0, 0, 1], [0, 1, 1]]
    a, b, c = y * y - of_y, x * y - shared, x * x - of_x  # the roots of a r^2 - 2 b r + c
    discriminant = b * b - a * c
    if a == 0 or discriminant < 0:
        return 0.0, np.inf
    low, high = np.sort((b + np.array([-1, 1]) * np.sqrt(discriminant)) / a)
    if a > 0:
        return float(max(low, 0.0)), float(max(high, 0.0))
    # The ratios outside of the roots: those at least 0 are an interval if the lower root is not.
    return (float(high), np.inf) if low <= 0 < high else (0.0, np.inf)


def p_near(errors, reference, ratio):
    """p value of "the error rates differ by less than a factor": the larger of two one-sided tests.

    Args:    errors, reference - (units,), paired; ratio - the factor, above 1.
    Returns: float; 1 for a single unit, or where there is no error at all.
    """
    above, below = _contrasts(errors, reference, ratio)
    return max(_p_positive(-above), _p_positive(below))


def p_apart(errors, reference, ratio):
    """One-sided p value of "the error rates differ by more than a factor"; see `p_near`."""
    above, below = _contrasts(errors, reference, ratio)
    return min(_p_positive(above), _p_positive(-below))


def _contrasts(errors, reference, ratio):
    """errors - ratio reference and errors - reference / ratio, float64 (units,) each.

    The ratio is near 1 where the expectation of the first is negative and of the second positive.
    """
    errors, reference = np.asarray(errors, np.float64), np.asarray(reference, np.float64)
    return errors - ratio * reference, errors - reference / ratio


def _p_positive(values):
    found = interval(values, 0.05)  # the p value does not depend on this level
    return p_positive(found.mean, found)

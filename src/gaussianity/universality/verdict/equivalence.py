"""How large is a mean difference, compared with a margin: interval, p values, five outcomes.

Two one-sided tests at level alpha find no difference above the margin where the interval of
confidence 1 - 2 alpha lies inside the margin: Schuirmann (1987), J. Pharmacokinetics and
Biopharmaceutics 15(6).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

NONE = "no difference seen, and none above the margin"
WITHIN = "a difference, within the margin"
BEYOND = "a difference, beyond the margin"
AT_MARGIN = "a difference as large as the margin"
OPEN = "cannot tell yet"
OUTCOMES = {"none": NONE, "within": WITHIN, "beyond": BEYOND, "at_margin": AT_MARGIN, "open": OPEN}


@dataclass(frozen=True)
class Interval:
    """Confidence interval of a mean of independent units.

    mean; error, its standard error; dof, the degrees of freedom of Student's t, 0 without an
    interval; low, high, the ends. Accuracies are fractions, 0 to 1.
    """

    mean: float
    error: float
    dof: int
    low: float
    high: float


def interval(means, level):
    """Interval of confidence 1 - 2 level of the expectation of the means of independent units.

    The interval is mean +- t_(P-1) s / sqrt(P). A single unit has no interval.

    Args:    means - (units,), the mean of each pool or fold; level - of each one-sided test.
    Returns: Interval.
    Raises:  ValueError - no units, or means that are not finite.
    >>> found = interval([0.01, 0.02, 0.03], 0.05)
    >>> round(found.low, 4), round(found.high, 4)
    (0.0031, 0.0369)
    """
    means = np.asarray(means, dtype=np.float64)
    if means.ndim != 1 or not means.size:
        raise ValueError(f"expected the means (units,) of at least one unit, found {means.shape}")
    if not np.isfinite(means).all():
        raise ValueError(f"the means of the units must be finite, found {means}")
    mean, dof = float(means.mean()), len(means) - 1
    if not dof:
        return Interval(mean, np.inf, 0, -np.inf, np.inf)
    # Equal means differ by a rounding error from their mean.
    error = float(means.std(ddof=1) / np.sqrt(len(means))) if np.ptp(means) else 0.0
    reach = float(stdtrit(dof, 1 - level)) * error
    return Interval(mean, error, dof, mean - reach, mean + reach)


def outcome(interval, margin):
    """Which of the five OUTCOMES an interval shows.

    NONE and WITHIN: the interval lies inside (-margin, margin) and contains 0 or not. BEYOND: it
    lies outside. AT_MARGIN: it contains an end of the margin but not 0, and is not wider than the
    margin, so that the mean is between half the margin and one and a half margins. OPEN: the rest.

    >>> outcome(Interval(-0.0197, 0.0009, 4, -0.0217, -0.0177), 0.02)
    'a difference as large as the margin'
    """
    no_zero = interval.low > 0 or interval.high < 0
    if -margin < interval.low and interval.high < margin:
        return WITHIN if no_zero else NONE
    if interval.low > margin or interval.high < -margin:
        return BEYOND
    if no_zero and interval.high - interval.low <= margin:
        return AT_MARGIN
    return OPEN


def p_positive(lead, interval):
    """One-sided p value of "the expectation of a lead is positive".

    Args:    lead - mean of units with the error and the degrees of freedom of the interval.
    Returns: float; 1 without an interval.
    """
    if not interval.dof:
        return 1.0
    if not interval.error:
        return float(lead <= 0)
    return float(stdtr(interval.dof, -lead / interval.error))


def p_inside(interval, margin):
    """p value of "no difference above the margin": the larger one of two one-sided tests.

    It is below the level exactly where the interval lies inside the margin.
    """
    return p_positive(margin - abs(interval.mean), interval)


def p_beyond(interval, margin):
    """One-sided p value of "a difference beyond the margin", on the side of the mean.

    It is below the level exactly where the interval lies outside the margin.
    """
    return p_positive(abs(interval.mean) - margin, interval)

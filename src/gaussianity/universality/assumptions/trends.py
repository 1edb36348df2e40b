"""Trends of a quantity with its size: exponents, their intervals, and verdicts on their limits."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

HOLDS, FAILS, NOT_DECIDED = "holds", "fails", "not decided"


@dataclass(frozen=True)
class Measure:
    """A quantity at several sizes.

    sizes (s,) - d, n or rank, see `assumptions.Condition`; values (1 + b, s) - from all images,
    then from b resampled sets; reference (s,) - of independent coordinates of equal variance.
    """

    sizes: np.ndarray
    values: np.ndarray
    reference: np.ndarray


def slope(sizes, values):
    """Exponent b of value ~ size^b, by least squares in logarithms.

    Args:    sizes - (s,), positive, at least two that differ; values - (..., s), positive.
    Returns: float64 (...), NaN where a value is not positive.
    Raises:  ValueError - fewer than two different sizes.
    >>> float(slope([1, 2, 4], [8.0, 2.0, 0.5]).round(9))
    -2.0
    """
    if len(set(sizes)) < 2:
        raise ValueError(f"a trend needs at least 2 sizes that differ, found {list(sizes)}")
    x = np.log(np.asarray(sizes, dtype=np.float64))
    x -= x.mean()
    values = np.asarray(values, dtype=np.float64)
    y = np.log(np.where(values > 0, values, np.nan))
    return y @ x / (x @ x)


def trend_interval(centre, replicates, confidence):
    """Bootstrap interval: Student's t with the standard deviation of the replicates.

    Percentiles would be too narrow for few replicates, and wrong where resampling shifts them.

    Args:    centre - the estimate; replicates - (b,) estimates from resampled images, b at least 2;
             confidence - two-sided, for example 0.95.
    Returns: (low, high).
    """
    away = np.std(replicates, ddof=1) * stdtrit(len(replicates) - 1, (1 + confidence) / 2)
    return float(centre - away), float(centre + away)


def trend_verdict(interval, limits, *, at_most):
    """The verdict on a trend: the side of its limits on which its interval lies.

    Args:    interval - (low, high) of the trend; limits - the trend up to which the assumption
             holds, and the trend from which it fails; at_most - True where these are upper limits,
             False where they are lower ones.
    Returns: HOLDS or FAILS where the whole interval lies on one side, else NOT_DECIDED.
    """
    low, high = interval if at_most else (-interval[1], -interval[0])
    holds_to, fails_from = limits if at_most else (-limits[0], -limits[1])
    if high <= holds_to:
        return HOLDS
    return FAILS if low > fails_from else NOT_DECIDED

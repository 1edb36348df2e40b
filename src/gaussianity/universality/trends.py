"""Trends of a quantity with size: slopes of log-log lines, their intervals and what they decide."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit


@dataclass(frozen=True)
class Measure:
    """A quantity at several sizes.

    sizes (s,) - of what the condition's trend_in says; values (1 + b, s) - of all images, then of
    b resampled sets; reference (s,) - of independent coordinates of equal variance.
    """

    sizes: np.ndarray
    values: np.ndarray
    reference: np.ndarray


def slope(sizes, values):
    """Exponent of a power of the size, by least squares in logarithms.

    Args:    sizes - (s,), positive, at least two that differ; values - (..., s), positive.
    Returns: float64 (...): b of the line ln value = a + b ln size; NaN where a value is not
             positive, which has no logarithm.
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

    With few replicates, whose extremes would be too narrow, and where resampling shifts them.

    Args:    centre - the estimate; replicates - (b,) estimates from resampled images, b at least 2;
             confidence - of both sides, as 0.95.
    Returns: (low, high).
    """
    away = np.std(replicates, ddof=1) * stdtrit(len(replicates) - 1, (1 + confidence) / 2)
    return float(centre - away), float(centre + away)


def trend_verdict(interval, limits, *, at_most):
    """On which side of its limits does a trend lie?

    Args:    interval - (low, high) of the trend; limits - up to which it holds and from which it
             fails; at_most - are the limits upper ones, or lower ones?
    Returns: "holds" or "fails" where the whole interval lies on one side, else "not decided".
    """
    low, high = interval if at_most else (-interval[1], -interval[0])
    holds_to, fails_from = limits if at_most else (-limits[0], -limits[1])
    if high <= holds_to:
        return "holds"
    return "fails" if low > fails_from else "not decided"

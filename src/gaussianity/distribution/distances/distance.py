"""How far a class is from normal: the distance that its images would have to move."""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from gaussianity.distribution.haar import whitened
from gaussianity.distribution.statistics import squared_distances

GROUPS = 20  # of images, for the jackknife


@dataclass(frozen=True)
class Distance:
    """D, in units of the root mean squared distance of the images from their mean.

    value, and low and high, the ends of its 95 % interval; shares - (k,), of D^2 in each direction.
    """

    value: float
    low: float
    high: float
    shares: np.ndarray


def distance(scores, variances, total, null_mean, groups=GROUPS):
    """D with D^2 = sum_j lam_j (delta_j^2 - E_0) / trace S, and its jackknife interval.

    To become normal, the images must move by at least D times their root mean squared distance from
    the mean: W2^2 is at least D^2 trace S, because orthonormal coordinates add in the cost. E_0 is
    the mean of delta^2 for normal images, about log log n / n. The interval leaves out groups of
    images in turn and whitens the rest anew.

    Args:    scores - W (n, k); variances - lam_j (k,); total - trace S; null_mean - E_0 of n
             images; groups - their number.
    Returns: Distance; NaN without directions.
    """
    images, k = np.shape(scores)
    if not k:
        return Distance(np.nan, np.nan, np.nan, np.zeros(0))
    weights = np.asarray(variances) / total
    excess = weights * (squared_distances(scores) - null_mean)
    number = np.arange(images) % groups
    left_out = np.array(
        [_squared(scores[number != group], weights, null_mean * images) for group in range(groups)]
    )
    error = np.sqrt((groups - 1) * left_out.var())
    reach = stats.t.ppf(0.975, groups - 1) * error
    ends = np.array([excess.sum(), excess.sum() - reach, excess.sum() + reach])
    positive = excess.clip(0)
    shares = positive / positive.sum() if positive.any() else positive
    return Distance(*map(float, np.sqrt(ends.clip(0))), shares)


def _squared(scores, weights, null_sum):
    """D^2 of some of the images; null_sum - n E_0, which hardly depends on n."""
    return weights @ (squared_distances(whitened(scores)) - null_sum / len(scores))

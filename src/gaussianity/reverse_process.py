"""The reverse process: from noise at a late time back to data, with any score.

    dY = (Y + 2 grad log P_t(Y)) dt' + sqrt(2) dW,   t' = T - t,

by the exponential Euler method: over a step the score is frozen and the linear part exact.

Source: Biroli et al. (2024), arXiv 2402.18491, eq. 2.
"""

import math
from itertools import pairwise

import numpy as np

from gaussianity.ornstein_uhlenbeck import noise_level, time_of_noise


def reverse_times(start, end, steps):
    """Falling times (steps + 1,) whose noise levels are equally spaced in their logarithm: steps of
    equal length at late times, of equal ratio at early ones.

    >>> reverse_times(4.0, 0.01, 3).round(3)
    array([4.   , 2.025, 0.363, 0.01 ])
    """
    levels = np.geomspace(noise_level(start), noise_level(end), steps + 1)
    times = time_of_noise(levels)
    times[0], times[-1] = start, end
    return times


def reverse(score, x, times, noise):
    """Follow the reverse process through falling times.

    Args:    score - (x, t) -> grad log P_t(x), of the shape of x; x - (n, ...) at times[0]; times -
             falling, the last above 0; noise - with `normal(dtype)`, standard normals like x, see
             `sampling.ImageNoise`.
    Returns: x at times[-1].
    """
    for now, then in pairwise(times):
        growth = math.expm1(now - then)
        x = x + growth * (x + 2 * score(x, now))
        x = x + math.sqrt(growth * (growth + 2)) * noise.normal(x.dtype)
    return x

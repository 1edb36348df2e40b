"""Where in the image: the distance of each pixel's values from a normal distribution."""

import numpy as np

from gaussianity.distribution.statistics import squared_distances

BLOCK = 2**24  # numbers sorted at a time, at most


def pixel_map(batches, null, step):
    """How much further each pixel is from normal than chance and rounding explain.

    By the triangle inequality, rounding alone gives a distance of at most step / (sqrt(12) sd) more
    than that of the values before it.

    Args:    batches - function without arguments that returns a new stream of the rows (n_i, d);
             null - Null of n images; step - of the quantisation, 0 for floats.
    Returns: float64 (d,): max(0, delta - its 95 % quantile for normal images - rounding), in
             standard deviations of the pixel; NaN where the pixel is constant.
    """
    d = next(iter(batches())).shape[1]
    width = max(1, BLOCK // null.images)
    blocks = [slice(start, min(start + width, d)) for start in range(0, d, width)]
    return np.concatenate([_of_block(batches(), block, null, step) for block in blocks])


def _of_block(batches, block, null, step):
    # A copy of each part, because a view would keep its whole batch in memory.
    values = np.concatenate([batch[:, block].astype(np.float64) for batch in batches])
    deviation = values.std(axis=0)
    varies = np.ptp(values, axis=0) > 0
    found = np.full(len(varies), np.nan)
    scores = values[:, varies]
    scores = (scores - scores.mean(axis=0)) / deviation[varies]
    delta = np.sqrt(squared_distances(scores).clip(0))
    explained = null.quantile(0.95) + step / (np.sqrt(12) * deviation[varies])
    found[varies] = (delta - explained).clip(0)
    return found

"""Confidence intervals: shares of trials, and bootstrap samples."""

import numpy as np
from scipy import stats


def share_ends(count, trials):
    """Low and high end of the 95 % interval of Clopper and Pearson for a share.

    Args:    count - trials for which something holds; trials - number of all.
    """
    found = stats.binomtest(int(count), int(trials)).proportion_ci(0.95)
    return float(found.low), float(found.high)


def share_interval(holds):
    """Share of the rows for which something holds, and the ends of its interval.

    Args:    holds - (n,) bool.
    """
    return float(holds.mean()), *share_ends(holds.sum(), len(holds))


def binomial_error(share, count):
    """Standard error of a share of `count` independent trials, by the estimate with two more
    successes and two more failures, which is not 0 where all trials agree.

    Source: Agresti and Coull (1998).
    >>> round(float(binomial_error(1.0, 96)), 3)
    0.014
    """
    centre = (share * count + 2) / (count + 4)
    return np.sqrt(centre * (1 - centre) / (count + 4))


def bootstrap_weights(count, replicates, generator):
    """Weights (1 + replicates, count) of images: 1 / count each, then bootstrap samples."""
    drawn = generator.multinomial(count, np.full(count, 1 / count), size=replicates)
    return np.vstack([np.ones(count), drawn]) / count

"""Confidence intervals of shares, and weights of bootstrap samples."""

import numpy as np
from scipy import stats


def share_ends(count, trials):
    """Low and high end of the 95 % interval of Clopper and Pearson for a share.

    Args:    count - number of successes; trials - number of trials.
    """
    found = stats.binomtest(int(count), int(trials)).proportion_ci(0.95)
    return float(found.low), float(found.high)


def share_interval(holds):
    """Share of successes, and the low and high end of its interval, see `share_ends`.

    Args:    holds - (n,) bool.
    """
    return float(holds.mean()), *share_ends(holds.sum(), len(holds))


def binomial_error(share, count):
    """Standard error of a share of `count` independent trials.

    Two successes and two failures are added, so that the error is not 0 where all trials agree.

    Source: Agresti and Coull (1998).
    >>> round(float(binomial_error(1.0, 96)), 3)
    0.014
    """
    centre = (share * count + 2) / (count + 4)
    return np.sqrt(centre * (1 - centre) / (count + 4))


def bootstrap_weights(count, replicates, generator):
    """Weights (1 + replicates, count): first 1 / count for all, then those of bootstrap samples."""
    drawn = generator.multinomial(count, np.full(count, 1 / count), size=replicates)
    return np.vstack([np.ones(count), drawn]) / count

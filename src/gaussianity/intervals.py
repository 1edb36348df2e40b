"""Confidence intervals of shares, weights of bootstrap samples, p values of several tests."""

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


def holm_adjusted(p_values):
    """p values of several tests, corrected for their number.

    A corrected p value is at most the level in no more than `level` of studies in which some of the
    hypotheses are true, for one of these or more.

    Args:    p_values - (tests,).
    Returns: float64 (tests,), at most 1.
    Source:  Holm (1979), Scandinavian J. Statistics 6(2).
    >>> holm_adjusted([0.04, 0.01, 0.03]).tolist()
    [0.06, 0.03, 0.06]
    """
    p_values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p_values, kind="stable")
    adjusted = np.empty(len(order))
    adjusted[order] = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    return np.minimum(adjusted, 1.0)


def holm(p_values, level):
    """Which of several tests are significant if no more than `level` of studies may err in any.

    Args:    p_values - (tests,); level - of all together.
    Returns: bool (tests,).
    >>> holm([0.04, 0.01, 0.03], 0.05).tolist()
    [False, True, False]
    """
    return holm_adjusted(p_values) < level

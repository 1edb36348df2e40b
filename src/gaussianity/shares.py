"""Shares of trials and their exact intervals, which have a length at the shares 0 and 1 too."""

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

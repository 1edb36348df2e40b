"""Equivalence of two accuracies within a margin: intervals, tests, and number of seeds needed.

Two one-sided tests at level alpha accept equivalence where the interval of confidence 1 - 2 alpha
lies inside the margin: Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15(6).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

UNIVERSAL = "universal within the margin"
NOT_UNIVERSAL = "not universal"
INCONCLUSIVE = "inconclusive"

RESAMPLES = 2000  # bootstrap samples of the pools
MOST_SEEDS = 100_000  # a larger number counts as no solution
LEVELS = 2000  # quantiles of the chi-square distribution over which a power is averaged


@dataclass(frozen=True)
class Interval:
    """Confidence interval of a mean difference of accuracies.

    mean; error, its standard error; dof, the degrees of freedom of Student's t, 0 without an
    interval; low, high, the ends; finite_test_error, the part of the error that more seeds do not
    reduce. Accuracies are fractions, 0 to 1.
    """

    mean: float
    error: float
    dof: int
    low: float
    high: float
    finite_test_error: float = 0.0


def mean_interval(differences, pools, *, finite_test_variance=0.0, confidence=0.9, generator):
    """Confidence interval of the mean of paired differences.

    Several pools: the interval is mean +- t_(P-1) error, where the mean and its error are those of
    the P means of the pools. A bootstrap over pools gives the error. The interval covers new pools
    of images. With 5 pools of 4 seeds it contained the truth in 90 % of 20,000 simulations, and the
    percentile interval of the same bootstrap in 79 %.

    One pool: the interval is mean +- t_(n-1) error. The n seeds share their images, so that the
    interval covers new seeds and, through finite_test_variance, new test images. It does not cover
    new training images. A single seed has no interval.

    Args:    differences - (seeds,); pools - (seeds,), the pool of each seed;
             finite_test_variance - of the difference of one seed, from its finite test sets;
             confidence - two-sided; generator - NumPy generator of the bootstrap.
    Returns: Interval.
    Raises:  ValueError - no seeds, differences that are not finite, or another number of pools.
    """
    differences, pools = np.asarray(differences, dtype=np.float64), np.asarray(pools)
    if differences.ndim != 1 or not differences.size or differences.shape != pools.shape:
        raise ValueError(
            "expected differences (seeds,) and as many pools, found shapes "
            f"{differences.shape} and {pools.shape}"
        )
    if not np.isfinite(differences).all():
        raise ValueError(f"differences must be finite, found {differences}")
    if len(np.unique(pools)) > 1:
        means = np.array([differences[pools == pool].mean() for pool in np.unique(pools)])
        error = bootstrap_error(means, generator)
        if not np.ptp(means):  # equal counts of test images still have an error
            error = np.sqrt(finite_test_variance / len(means))
        return _t_interval(means, error, confidence)
    finite_test_error = float(finite_test_variance**0.5)
    if len(differences) == 1:
        return Interval(float(differences[0]), np.inf, 0, -np.inf, np.inf, finite_test_error)
    error = np.sqrt(differences.var(ddof=1) / len(differences) + finite_test_variance)
    return _t_interval(differences, error, confidence, finite_test_error)


def _t_interval(values, error, confidence, finite_test_error=0.0):
    """Interval of the mean of independent values with a given standard error."""
    mean, dof = values.mean(), len(values) - 1
    reach = stats.t.ppf((1 + confidence) / 2, dof) * error
    ends = (float(mean - reach), float(mean + reach))
    return Interval(float(mean), float(error), dof, *ends, finite_test_error)


def bootstrap_error(means, generator):
    """Standard error of the mean of the pools' means, by a bootstrap over pools.

    Each drawn pool keeps all its seeds. A second draw of seeds within the pools would count their
    variance twice: an interval of 90 % then covers 99 % where pools do not differ.

    Args:    means - (pools,), at least 2; generator - NumPy generator.
    Source:  Davison and Hinkley (1997), Bootstrap Methods and their Application, section 3.8,
             strategy 1; sqrt(P / (P - 1)) makes its variance unbiased for few pools.
    """
    count = len(means)
    drawn = generator.integers(count, size=(RESAMPLES, count))
    return means[drawn].mean(axis=1).std() * np.sqrt(count / (count - 1))


def two_one_sided(interval, margin):
    """p value of equivalence: the larger one of the tests of mean <= -margin and mean >= margin.

    It is below 0.05 exactly where the 90 % interval lies inside the margin, and 1 without an
    interval.
    """
    if not interval.dof:
        return 1.0
    if not interval.error:
        return float(abs(interval.mean) >= margin)
    below = stats.t.sf((interval.mean + margin) / interval.error, interval.dof)
    above = stats.t.cdf((interval.mean - margin) / interval.error, interval.dof)
    return float(max(below, above))


def verdict_of(interval, margin):
    """The verdict on an interval.

    UNIVERSAL: the interval lies inside (-margin, margin). NOT_UNIVERSAL: it lies outside.
    INCONCLUSIVE: it contains an end of the margin.
    """
    if -margin < interval.low and interval.high < margin:
        return UNIVERSAL
    if interval.low > margin or interval.high < -margin:
        return NOT_UNIVERSAL
    return INCONCLUSIVE


def verdict_power(
    seeds, deviation, margin, *, difference=0.0, finite_test_error=0.0, confidence=0.9
):
    """Probability of the right verdict: UNIVERSAL inside the margin, NOT_UNIVERSAL outside.

    The width of the t interval has a chi-square distribution, over which the probability is
    averaged. The mean is normal and independent of the width.

    Args:    seeds - number of independent seeds, at least 2; deviation - standard deviation of the
             difference of one seed; margin; difference - the true mean; finite_test_error - see
             Interval; confidence - two-sided.
    """
    levels = (np.arange(LEVELS) + 0.5) / LEVELS
    variances = deviation**2 * stats.chi2.ppf(levels, seeds - 1) / (seeds - 1)
    reach = stats.t.ppf((1 + confidence) / 2, seeds - 1)
    reach = reach * np.sqrt(variances / seeds + finite_test_error**2)
    error = np.sqrt(deviation**2 / seeds + finite_test_error**2)
    if not error:
        return float(abs(difference) != margin)
    if abs(difference) < margin:
        above = stats.norm.cdf((margin - reach - difference) / error)
        below = stats.norm.cdf((-margin + reach - difference) / error)
        return float(np.clip(above - below, 0, None).mean())
    return float(stats.norm.cdf((abs(difference) - margin - reach) / error).mean())


def seeds_for(deviation, margin, *, power=0.8, at_least=3, **truth):
    """Smallest number of independent seeds with which a verdict is likely.

    Args:    deviation, margin - see `verdict_power`; power - probability of the verdict;
             at_least - smallest number that is tried; truth - the keywords of `verdict_power`.
    Returns: int, or None where no number up to MOST_SEEDS suffices.
    >>> [seeds_for(ratio, 1.0) for ratio in (0.5, 0.75, 1.0, 1.5, 2.0)]
    [4, 7, 11, 21, 36]
    """

    def enough(seeds):
        return verdict_power(seeds, deviation, margin, **truth) >= power

    high = low = max(2, at_least)
    if enough(low):
        return low
    while not enough(high):
        low, high = high, 2 * high
        if low > MOST_SEEDS:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def seeds_needed(interval, seeds, margin, *, power=0.8, confidence=0.9):
    """Number of further seeds that a verdict needs, if mean and spread are as measured.

    With several pools the further seeds come from further pools, as many from each as now.

    Args:    interval - Interval; seeds - number of seeds that it rests on; margin; power -
             probability of a verdict; confidence - two-sided.
    Returns: 0 where there is a verdict; 1 after a single seed, whose spread is unknown; None where
             no number suffices: the mean is at the margin, or one pool has too few test images.
    """
    if verdict_of(interval, margin) != INCONCLUSIVE:
        return 0
    if not interval.dof:
        return 1
    units = interval.dof + 1  # pools, or the seeds of one pool
    spread = np.sqrt(max(interval.error**2 - interval.finite_test_error**2, 0) * units)
    truth = dict(difference=interval.mean, finite_test_error=interval.finite_test_error)
    total = seeds_for(
        spread, margin, power=power, at_least=units + 1, confidence=confidence, **truth
    )
    return None if total is None else (total - units) * -(-seeds // units)

"""Does a distribution concentrate as a normal one with its covariance does?

For x ~ N(mu, Sigma) every 1-Lipschitz f(x) is sub-Gaussian with variance proxy at most the largest
eigenvalue of Sigma (Boucheron, Lugosi and Massart, 2013, theorem 5.6), and so
P(|f - E f| > t sqrt(lambda_max)) <= 2 exp(-t^2 / 2). The ratio of the measured proxy to lambda_max
says how far that holds for other distributions.
"""

import numpy as np

LEVELS = np.linspace(0.1, 6.0, 60)  # |l|, in 1 / standard deviation of f
RELIABLE = 0.15  # relative standard error of the moment generating function up to which it counts
GRID = np.linspace(0.0, 10.0, 101)  # |f - E f| / sqrt(lambda_max) of the survival functions
COVERED = 0.95  # of the bootstrap interval
TABLED = (1, 2, 3, 4, 5)  # t at which `judged` has the survival functions


def variance_proxies(values, counts):
    """The variance proxy of each of B samples drawn from the same values.

    Args:    values - (n,); counts - (B, n), how often each value stands in a sample, n in all.
    Returns: float64 (B,). The grid of l is that of all values, whatever the sample.
    """
    n = len(values)
    centred = np.asarray(values, dtype=np.float64) - np.mean(values)
    spread = centred.std()
    if (
        spread <= np.finfo(np.float64).eps * np.abs(values).max()
    ):  # equal up to their mean's rounding
        return np.zeros(len(counts))
    shift = counts @ centred / n
    proxies = counts @ centred**2 / n - shift**2
    levels = np.concatenate([LEVELS, -LEVELS]) / spread
    exponents = np.outer(centred, levels)  # (n, 2 LEVELS)
    top = exponents.max(axis=0)  # so that no exponential overflows
    first = np.exp(exponents - top)
    second = counts @ first**2 / n
    first = counts @ first / n
    with np.errstate(divide="ignore", invalid="ignore"):  # a sample without the top may have none
        error = np.sqrt(np.maximum(second / first**2 - 1, 0) / n)
        found = 2 * (top + np.log(first) - np.outer(shift, levels)) / levels**2
    reliable = np.where(error < RELIABLE, found, 0.0)
    return np.maximum(proxies, reliable.max(axis=1))


def bootstrap_counts(n, repetitions, generator):
    """How often each of n images stands in each bootstrap sample: float64 (repetitions, n)."""
    draws = (generator.integers(n, size=n) for _ in range(repetitions))
    return np.stack([np.bincount(drawn, minlength=n) for drawn in draws]).astype(np.float64)


def ratios(values, largest, repetitions, generator):
    """R_f, the variance proxy over the covariance's largest eigenvalue, with its interval.

    Args:    values - (n, F) of F functionals; largest - lambda_max; repetitions - bootstrap samples
             of the images, the same for all functionals; generator - NumPy generator.
    Returns: dict of ratio, low and high, float64 (F,): the estimate and the ends of the percentile
             interval. It covers the draw of the images, with lambda_max as given.
    """
    as_found = np.ones((1, len(values)))
    counts = np.concatenate([as_found, bootstrap_counts(len(values), repetitions, generator)])
    found = np.stack([variance_proxies(column, counts) for column in values.T]) / largest
    outside = (1 - COVERED) / 2
    low, high = np.quantile(found[:, 1:], [outside, 1 - outside], axis=1)
    return dict(ratio=found[:, 0], low=low, high=high)


def survival(values, largest):
    """Share of images with |f - E f| > t sqrt(lambda_max), t in GRID: float64 (len(GRID), F)."""
    away = np.sort(np.abs(values - values.mean(axis=0)) / np.sqrt(largest), axis=0)
    below = [np.searchsorted(column, GRID, side="right") for column in away.T]
    return 1 - np.stack(below, axis=1) / len(values)


def gaussian_bound(t):
    """2 exp(-t^2 / 2), which no 1-Lipschitz functional of a normal distribution exceeds.

    Where it is above 1 it says nothing: t below 1.18.
    """
    return 2 * np.exp(-np.square(t) / 2)


def judged(ratios, survival):
    """R_f of every functional, class and population, and its survival function at whole t.

    Args:    ratios - DataFrame with population, image_class, images, lambda_max, functional,
             ratio, low, high; survival - see `tails`.
    Returns: the same with holds (high is at most 1), exceeds (low is above 1), and beyond_1 to
             beyond_5, the share of images further than t sqrt(lambda_max) from the mean.
    """
    keys = ["population", "image_class", "functional"]
    whole = survival.assign(t=survival["t"].round(6))
    whole = whole[whole["t"].isin(TABLED)]
    whole = whole.assign(column="beyond_" + whole["t"].astype(int).astype(str))
    beyond = whole.pivot(index=keys, columns="column", values="share")
    decided = ratios.assign(holds=ratios["high"] <= 1, exceeds=ratios["low"] > 1)
    return decided.merge(beyond.reset_index(), on=keys, how="left", validate="one_to_one")


def tails(survival):
    """Survival functions one below the other: population, image_class, functional, t, share.

    Args:    survival - DataFrames of one population and class, a column per functional.
    """
    import pandas as pd  # the figure alone needs it, and its import is slow

    keys = ["population", "image_class", "t"]
    return pd.concat(
        [part.melt(keys, var_name="functional", value_name="share") for part in survival],
        ignore_index=True,
    )

"""Concentration of 1-Lipschitz functionals, compared with normal distributions.

For x ~ N(mu, Sigma) every 1-Lipschitz f(x) is sub-Gaussian, and its variance proxy is at most
lambda_max, the largest eigenvalue of Sigma (Boucheron, Lugosi and Massart, 2013, theorem 5.6).
Therefore P(|f - E f| > t sqrt(lambda_max)) <= 2 exp(-t^2 / 2). For other distributions R_f, the
measured variance proxy divided by lambda_max, can exceed 1.
"""

import numpy as np

LEVELS = np.linspace(0.1, 6.0, 60)  # |l|, in 1 / standard deviation of f
RELIABLE = 0.15  # largest relative standard error of the moment generating function
GRID = np.linspace(0.0, 10.0, 101)  # t = |f - E f| / sqrt(lambda_max) of survival functions
COVERED = 0.95  # confidence of the bootstrap interval
TABLED = (1, 2, 3, 4, 5)  # t at which `judged` has the survival functions


def variance_proxies(values, counts):
    """Variance proxy sup_l 2 log E exp(l (f - E f)) / l^2 of each of B samples of f.

    Only those l count for which the empirical moment generating function has a relative error of at
    most RELIABLE. The result is therefore a lower bound where f has heavy tails and its proxy is
    infinite. It is at least the variance, the limit of l -> 0.

    Args:    values - (n,); counts - (B, n), how often each value occurs in a sample, n in all.
    Returns: float64 (B,), in squared units of the values. All samples have the same grid of l.
    >>> variance_proxies(np.array([-1.0, 1.0] * 500), np.ones((1, 1000))).round(9)
    array([1.])
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
    with np.errstate(divide="ignore", invalid="ignore"):  # samples without large values
        error = np.sqrt(np.maximum(second / first**2 - 1, 0) / n)
        found = 2 * (top + np.log(first) - np.outer(shift, levels)) / levels**2
    reliable = np.where(error < RELIABLE, found, 0.0)
    return np.maximum(proxies, reliable.max(axis=1))


def bootstrap_counts(n, repetitions, generator):
    """How often each of n images occurs in each bootstrap sample: float64 (repetitions, n)."""
    draws = (generator.integers(n, size=n) for _ in range(repetitions))
    return np.stack([np.bincount(drawn, minlength=n) for drawn in draws]).astype(np.float64)


def ratios(values, largest, repetitions, generator):
    """R_f of each functional with its bootstrap interval.

    Args:    values - (n, F) of F functionals; largest - lambda_max; repetitions - number of
             bootstrap samples of the images, the same for all functionals; generator - NumPy
             generator.
    Returns: dict of ratio, low and high, float64 (F,): the estimate and the percentile interval,
             which covers the draw of the images but not the error of lambda_max.
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

    The bound is above 1, and thus empty, for t below 1.18.
    """
    return 2 * np.exp(-np.square(t) / 2)


def judged(ratios, survival):
    """R_f of every functional, class and population, judged by its interval.

    Args:    ratios - DataFrame with population, image_class, images, lambda_max, functional,
             ratio, low, high; survival - see `tails`.
    Returns: ratios with the further columns holds (high is at most 1), exceeds (low is above 1) and
             beyond_1 to beyond_5, the share of images with |f - E f| > t sqrt(lambda_max).
    """
    keys = ["population", "image_class", "functional"]
    whole = survival.assign(t=survival["t"].round(6))
    whole = whole[whole["t"].isin(TABLED)]
    whole = whole.assign(column="beyond_" + whole["t"].astype(int).astype(str))
    beyond = whole.pivot(index=keys, columns="column", values="share")
    decided = ratios.assign(holds=ratios["high"] <= 1, exceeds=ratios["low"] > 1)
    return decided.merge(beyond.reset_index(), on=keys, how="left", validate="one_to_one")


def tails(survival):
    """Survival functions in long form: population, image_class, functional, t, share.

    Args:    survival - DataFrames of one population and class each, a column per functional.
    """
    import pandas as pd  # a slow import that the job of a class does not need

    keys = ["population", "image_class", "t"]
    return pd.concat(
        [part.melt(keys, var_name="functional", value_name="share") for part in survival],
        ignore_index=True,
    )

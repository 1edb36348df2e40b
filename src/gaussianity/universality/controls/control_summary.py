"""Summary of the controls: do the intervals cover the truth, and how often is a verdict wrong?"""

import numpy as np
import pandas as pd
from scipy import stats

from gaussianity.intervals import share_ends
from gaussianity.universality.controls.controls import LEVEL
from gaussianity.universality.controls.estimation_gap import METHODS
from gaussianity.universality.verdict.equivalence import OUTCOMES

COVERED = 1 - 2 * LEVEL  # nominal share of intervals that contain the truth
CHANCE = 5e-4  # of right intervals, to cover less often than accepted
INSIDE, BEYOND = "inside the margin", "beyond the margin"


def accepted(count):
    """Smallest number of covering intervals with which a control passes.

    It is a quantile of the binomial distribution. Of 200 intervals of 90 %, 165 must cover. Right
    intervals then fail with a probability below 0.0005, and intervals of half the width over 5
    pools pass with probability 6e-8. There is no largest number: the jackknife over pools is too
    wide where the pairs of pools differ by chance alone, and covers up to 98 % of truths then.

    >>> accepted(200)
    165
    """
    return int(stats.binom.ppf(CHANCE, count, COVERED))


def passes(covered, count):
    """True if `covered` of `count` intervals is as many as `accepted` says, or more."""
    return covered >= accepted(count)


def summary(repetitions, accuracies):
    """Coverage, false verdicts at the margin, shares of the outcomes, and what estimation leaves.

    Args:    repetitions - DataFrame with control, truth, margin, low, high and outcome;
             accuracies - DataFrame with law, images_per_pixel, data, and each of METHODS.
    Returns: DataFrame with panel, case, quantity, at (images per pixel), value, low, high, count,
             and passes (of the coverage, see `accepted`). The interval of a share is the binomial
             95 % interval of Clopper and Pearson. That of a mean is one standard error.
    """
    parts = []
    for control, found in repetitions.groupby("control", sort=False):
        parts += [row | dict(case=control, count=len(found)) for row in _rows_of(found)]
    table = pd.concat([pd.DataFrame(parts), _left(accuracies)], ignore_index=True)
    first = ["panel", "case", "quantity", "at"]
    return table.reindex(columns=[*first, "value", "low", "high", "count", "passes"])


def _rows_of(found):
    """Rows of one control."""
    truth, margin = found["truth"].iloc[0], found["margin"].iloc[0]
    if np.isfinite(truth):
        covers = found["low"].le(truth) & found["high"].ge(truth)
        row = dict(panel="coverage", quantity="coverage", passes=passes(covers.sum(), len(covers)))
        yield row | _share(covers)
    if abs(truth) == margin:
        inside = found["low"].gt(-margin) & found["high"].lt(margin)
        beyond = found["low"].gt(margin) | found["high"].lt(-margin)
        for quantity, chosen in {INSIDE: inside, BEYOND: beyond}.items():
            yield dict(panel="false", quantity=quantity) | _share(chosen)
        return
    for quantity in OUTCOMES.values():
        yield dict(panel="outcomes", quantity=quantity) | _share(found["outcome"].eq(quantity))


def _share(chosen):
    low, high = share_ends(chosen.sum(), len(chosen))
    return dict(value=chosen.mean(), low=low, high=high)


def _left(accuracies):
    """Mean of the estimated accuracy less the true one."""
    rows = []
    for (law, at), part in accuracies.groupby(["law", "images_per_pixel"], sort=False):
        for method in METHODS:
            difference = part[method] - part["data"]
            mean, error = difference.mean(), np.nan_to_num(difference.sem())
            row = dict(panel="estimation", case=law, quantity=method, at=at, count=len(part))
            rows.append(row | dict(value=mean, low=mean - error, high=mean + error))
    return pd.DataFrame(rows)

"""Summary of the controls: the share of each verdict, and the gap from estimation alone."""

import numpy as np
import pandas as pd

from gaussianity.intervals import share_ends
from gaussianity.universality.equivalence import INCONCLUSIVE, NOT_UNIVERSAL, UNIVERSAL
from gaussianity.universality.estimation_gap import ESTIMATORS

BEYOND_ZERO = "interval without zero"
SHOWN = 12  # repetitions of each control whose excesses are listed


def summary(verdicts, accuracies):
    """Shares of the verdicts, mean gaps of the estimation, and some single excesses.

    Args:    verdicts - DataFrame with control, margin, repetition, excess, low and high;
             accuracies - DataFrame with fit_size, data, and <estimator> and <estimator>_refit for
             each of ESTIMATORS.
    Returns: DataFrame with panel, case, quantity, at (number of fitted images, or index of the
             repetition), value, low, high and count. The interval of a share is the binomial 95 %
             interval of Clopper and Pearson; that of a mean gap is one standard error; that of an
             excess is its 90 % interval.
    """
    parts = [_shares(verdicts), _gaps(accuracies), _excesses(verdicts)]
    return pd.concat(parts, ignore_index=True)


def _shares(verdicts):
    rows = []
    for control, found in verdicts.groupby("control", sort=False):
        margin = found["margin"].to_numpy()
        inside = (found["low"] > -margin) & (found["high"] < margin)
        outside = (found["low"] > margin) | (found["high"] < -margin)
        beyond = (found["low"] > 0) | (found["high"] < 0)
        counted = {NOT_UNIVERSAL: outside, INCONCLUSIVE: ~(inside | outside), UNIVERSAL: inside}
        for quantity, chosen in {**counted, BEYOND_ZERO: beyond}.items():
            low, high = share_ends(chosen.sum(), len(found))
            row = dict(panel="verdicts", case=control, quantity=quantity, value=chosen.mean())
            rows.append(row | dict(low=low, high=high, count=len(found)))
    return pd.DataFrame(rows)


def _gaps(accuracies):
    rows = []
    for estimator in ESTIMATORS:
        first, second = accuracies[estimator], accuracies[f"{estimator}_refit"]
        differences = {"gap": first - accuracies["data"], "control": second - first}
        for quantity, difference in differences.items():
            for size, part in difference.groupby(accuracies["fit_size"]):
                mean, error = part.mean(), np.nan_to_num(part.sem())
                row = dict(panel="estimation", case=estimator, quantity=quantity, at=size)
                rows.append(
                    row | dict(value=mean, low=mean - error, high=mean + error, count=len(part))
                )
    return pd.DataFrame(rows)


def _excesses(verdicts):
    shown = verdicts[verdicts["repetition"] < SHOWN]
    return pd.DataFrame(
        dict(
            panel="excess",
            case=shown["control"],
            quantity="excess",
            at=shown["repetition"],
            value=shown["excess"],
            low=shown["low"],
            high=shown["high"],
            count=1,
        )
    )

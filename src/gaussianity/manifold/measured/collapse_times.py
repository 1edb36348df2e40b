"""Collapse of training points: means over training sets, measured times and the theory's band.

The band of finite training sets reaches from t_C(n) to t_C(n / 2). Statistics are the weight of the
true point, the inverse participation ratio and the excess entropy of Biroli et al. (2024), arXiv
2402.18491.
"""

import numpy as np
import pandas as pd

from gaussianity.manifold.measured.cases import CASE, measured_times

QUANTITIES = ("true", "participation", "entropy_share")
CRITERIA = ("true", "participation")  # statistics whose mean is 1/2 at the measured time
TOLERANCE = 0.02


def collapse_table(collapses):
    """The curves and times that the panels show.

    Args:    collapses - DataFrame of the tables of `measure_collapse` with the columns CASE.
    Returns: DataFrame with two kinds of rows: a row per case, quantity of QUANTITIES and time; and
             a row per case and criterion, `t_C true` and `t_C participation`, whose value is the
             measured time. Columns: CASE; quantity; time; value, error (standard error over
             training sets); theory and theory_half, t_C for n and n / 2 points; relative, the time
             over theory.
    """
    shares = collapses.assign(entropy_share=collapses["entropy"] / np.log(collapses["n"]))
    parts = [_means(shares, name) for name in QUANTITIES]
    known = collapses.groupby("case", sort=False)[["theory", "theory_half"]].first()
    for name in CRITERIA:
        found = measured_times(collapses, name, 0.5).drop(columns="seeds")
        found = found.assign(quantity=f"t_C {name}", value=found["time"])
        parts.append(found.join(known, on="case"))
    both = pd.concat(parts, ignore_index=True)
    return both.assign(relative=both["time"] / both["theory"])


def _means(shares, name):
    keys = [*CASE, "time", "theory", "theory_half"]
    grouped = shares.groupby(keys, sort=False, dropna=False)[name]
    found = grouped.agg(value="mean", error="sem").reset_index()
    return found.assign(quantity=name)


def outside(summary):
    """Cases whose measured time is outside the band.

    Returns: names of the cases outside by more than TOLERANCE, names of the cases without a
             measured time, and the number of cases that have a band.
    """
    times = summary[summary["quantity"] == "t_C true"].dropna(subset=["theory", "theory_half"])
    low, high = (1 - TOLERANCE) * times["theory"], (1 + TOLERANCE) * times["theory_half"]
    missed = times["time"].isna()
    beyond = ~missed & ~times["time"].between(low, high)
    return list(times["case"][beyond]), list(times["case"][missed]), len(times)


def headline(summary):
    """Number of cases whose measured time is within the theory's band, in one sentence."""
    beyond, missed, count = outside(summary)
    within = f"within {100 * TOLERANCE:.0f} % of the band from $t_C(n)$ to $t_C(n/2)$"
    if not beyond and not missed:
        return f"All {count} cases collapse {within}"
    parts = [f"{count - len(beyond) - len(missed)} of {count} cases collapse {within}"]
    if beyond:
        parts.append(f"not {', '.join(beyond)}")
    if missed:
        parts.append(f"no time measured in {len(missed)}: {', '.join(missed)}")
    return "; ".join(parts)

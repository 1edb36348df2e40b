"""Which of two sources is closer to its Gaussian data, and by how much.

With the excesses a and b of two sources (see `verdict`), the gap is |a| - |b|: positive where the
second source is closer. It equals sign(D S) min(|D|, |S|) with D = a - b and S = a + b. The
interval of the gap is the range of this formula over the intervals of D and S. Its end is on the
wrong side of 0 only if the interval of D or of S misses its truth (an intersection-union test:
Berger (1982), Technometrics 24(4)).

Images of independent sources give D and S one standard error, with Welch's degrees of freedom. Two
samplers that start from the same seeds, pool by pool, give D and S an interval over pools each.
"""

import itertools

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from gaussianity.universality.verdict import equivalence
from gaussianity.universality.verdict.verdict import paired_differences
from gaussianity.universality.verdict.verdict_sentences import studied

UNKNOWN, NEITHER = "cannot tell", "neither"


def table(scores, *, primary_loss, level, margin, distances=None, matched=()):
    """A row per subset and pair of sources.

    Both are compared at the largest training size that they share, else each at its largest.

    Args:    scores - see `verdict.paired_differences`; primary_loss - of the verdict; level -
             one-sided, of each interval; margin - see `closer_source`; distances -
             dict of source to the distance of its images from normality, in shares of their
             spread; matched - pairs of sources whose pools or folds hold images of the same seeds.
    Returns: DataFrame: subset, loss, first, second, train_size_first, train_size_second,
             excess_first, excess_second, gap = |excess_first| - |excess_second|, low, high, level,
             closer (see `closer_source`), margin, distance_first, distance_second, sentence.
    Raises:  ValueError - fewer than two sources.
    """
    runs = scores[scores["loss"] == primary_loss]
    cells = paired_differences(runs)
    order = list(dict.fromkeys(cells["source"]))
    if len(order) < 2:
        raise ValueError(f"expected two or more sources, found {', '.join(order) or 'none'}")
    rows = [
        _row(cells[cells["subset"] == subset], pair, level, distances or {}, pair in matched)
        | dict(subset=subset, loss=primary_loss, margin=margin)
        for subset in dict.fromkeys(cells["subset"])
        for pair in itertools.combinations(order, 2)
    ]
    frame = pd.DataFrame(rows)
    frame["closer"] = [closer_source(row) for row in rows]
    first = ["subset", "loss", "first", "second"]
    frame = frame[[*first, *(name for name in frame if name not in first)]]
    return frame.assign(sentence=[sentence(row) for row in frame.to_dict("records")])


def closer_source(row):
    """The source whose side of 0 the interval of the gap lies on.

    "neither" if the interval contains 0 and lies inside the margin: the sources differ by less.
    Else "cannot tell".
    """
    if row["low"] > 0:
        return row["second"]
    if row["high"] < 0:
        return row["first"]
    return NEITHER if -row["margin"] < row["low"] and row["high"] < row["margin"] else UNKNOWN


def _row(cells, pair, level, distances, is_matched):
    sizes = _sizes(cells, pair)
    excesses = [
        cells.loc[(cells["source"] == source) & (cells["train_size"] == size), "excess"].to_numpy()
        for source, size in zip(pair, sizes, strict=True)
    ]
    found = gap(*excesses, level, is_matched=is_matched)
    numbers = dict(level=level)
    for name, source, size, units in zip(("first", "second"), pair, sizes, excesses, strict=True):
        numbers |= {name: source, f"train_size_{name}": size, f"excess_{name}": units.mean()}
        numbers |= {f"distance_{name}": distances.get(source, np.nan)}
    return numbers | found


def _sizes(cells, pair):
    """The training size of each of two sources."""
    first, second = (set(cells.loc[cells["source"] == source, "train_size"]) for source in pair)
    shared = first & second
    return [max(shared or sizes) for sizes in (first, second)]


def gap(first, second, level, *, is_matched=False):
    """How much further from its Gaussian data the first source is than the second.

    Args:    first, second - (units,) excess in each pool or fold; level - one-sided; is_matched -
             whether the units of both, in their order, hold images of the same seeds.
    Returns: dict: gap, low, high of its interval of confidence 1 - 2 level; infinite ends where a
             source has one unit, or an excess is missing.
    >>> found = gap([0.09, 0.10, 0.11], [-0.01, 0.0, 0.01], 0.05)
    >>> round(found["gap"], 3), found["low"] > 0
    (0.1, True)
    """
    units = [np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)]
    if not all(np.isfinite(each).all() for each in units):
        return dict(gap=np.nan, low=-np.inf, high=np.inf)
    a, b = (equivalence.interval(each, level) for each in units)
    centre = abs(a.mean) - abs(b.mean)
    if not (a.dof and b.dof):
        return dict(gap=centre, low=-np.inf, high=np.inf)
    reaches = [welch_reach(a, b, level)] * 2
    if is_matched:
        both = [equivalence.interval(units[0] + sign * units[1], level) for sign in (-1, 1)]
        reaches = [each.high - each.mean for each in both]
    middles = a.mean - b.mean, a.mean + b.mean
    ends = [(middles[0] + s * reaches[0], middles[1] + t * reaches[1]) for s, t in SIGNS]
    # Monotone in each of D and S, so that its extremes are at the corners.
    corners = [np.sign(d * s) * min(abs(d), abs(s)) for d, s in ends]
    return dict(gap=centre, low=float(min(corners)), high=float(max(corners)))


SIGNS = ((-1, -1), (-1, 1), (1, -1), (1, 1))


def welch_reach(a, b, level):
    """Half the width of the interval of a difference of two independent means.

    Args:    a, b - `equivalence.Interval`, each of two or more units.
    Source:  Welch (1947), Biometrika 34.
    """
    squares = np.array([a.error**2, b.error**2])
    if not squares.sum():
        return 0.0
    dof = squares.sum() ** 2 / (squares**2 / [a.dof, b.dof]).sum()
    return float(stdtrit(dof, 1 - level) * np.sqrt(squares.sum()))


def sentence(row):
    """A row of `table` in words."""
    first, second = (_the(row[name]) for name in ("first", "second"))
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    percent = f"{100 - 200 * row['level']:.4g} % interval"
    if row["closer"] == UNKNOWN:
        ends = f"{percent} of the difference {row['low']:+.3f} to {row['high']:+.3f}"
        ends = ends if np.isfinite(row["low"]) else "no interval"
        return (
            f"{row['subset']}: cannot tell whether {first} or {second} are closer to their "
            f"Gaussian data ({ends})."
        )
    if row["closer"] == NEITHER:
        return (
            f"{row['subset']}: {first} and {second} are equally close to their Gaussian data, "
            f"within {row['margin']:g} of accuracy ({percent} of the difference "
            f"{row['low']:+.3f} to {row['high']:+.3f})."
        )
    closer, other = (first, second) if row["closer"] == row["first"] else (second, first)
    return (
        f"{row['subset']}: {closer} are closer to their Gaussian data than {other}, by "
        f"{abs(row['gap']):.3f} of accuracy ({percent} {low:.3f} to {high:.3f})."
    )


def _the(source):
    return "the dataset's images" if source == "data" else f"the {studied(source)}"

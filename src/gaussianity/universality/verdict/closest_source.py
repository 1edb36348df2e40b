"""Which of several sources is closest to its Gaussian data, in words."""

import pandas as pd

from gaussianity.universality.verdict.comparison import NEITHER, UNKNOWN

OTHER = "another"  # source is closer, at another training size


def sentences(compared):
    """What the comparisons of each subset say together: the closest source, and its pairs.

    Two sources have one sentence, that of their pair.

    Args:    compared - see `comparison.table`.
    Returns: DataFrame, a row per subset: subset, sentence.
    """
    rows = [
        dict(subset=subset, sentence=_sentence(pairs))
        for subset, pairs in compared.groupby("subset", sort=False)
    ]
    return pd.DataFrame(rows)


def _sentence(pairs):
    """The sentence of a subset; pairs - its rows."""
    if len(pairs) == 1:
        return pairs["sentence"].iloc[0]
    row, count = pairs.iloc[0], pd.concat([pairs["first"], pairs["second"]]).nunique()
    closest = closest_source(pairs)
    opening = f"{row['subset']}: of {count} sources"
    if closest is None:
        return f"{opening}, none has a known excess."
    percent = f"({100 - 200 * row['level']:.4g} % interval of each pair)"
    groups = _others(pairs, closest)
    if list(groups) == [closest]:
        return (
            f"{opening}, {closest} is closest to its Gaussian data, closer than each of the "
            f"others {percent}."
        )
    relations = _relations(groups, closest, row["margin"])
    return f"{opening}, {closest} comes closest to its Gaussian data. It is {relations} {percent}."


def closest_source(pairs):
    """The source whose excess is the smaller in most of its pairs; the first if several are.

    Args:    pairs - rows of `comparison.table` of one subset.
    Returns: its name; None where no pair has a gap.
    >>> pairs = pd.DataFrame(dict(first=["a", "a", "b"], second=["b", "c", "c"]))
    >>> closest_source(pairs.assign(gap=[0.1, -0.2, -0.3]))
    'b'
    """
    wins = dict.fromkeys([*pairs["first"], *pairs["second"]], 0)
    for first, second, gap in pairs[["first", "second", "gap"]].itertuples(index=False):
        wins[first] += gap < 0
        wins[second] += gap > 0
    return max(wins, key=wins.get) if any(wins.values()) else None


def _others(pairs, closest):
    """The other sources, by what their pair with the closest one says (column closer)."""
    groups = {}
    for row in pairs.to_dict("records"):
        ends = [row["first"], row["second"]]
        if closest in ends:
            ends.remove(closest)
            said = OTHER if row["closer"] == ends[0] else row["closer"]
            groups.setdefault(said, []).append(ends[0])
    return groups


def _relations(groups, closest, margin):
    """How the closest source stands to the others."""
    words = {
        closest: "closer than {}",
        NEITHER: f"as close as {{}} within {margin:g} of accuracy",
        UNKNOWN: "not told apart from {}",
        OTHER: "further than {}",
    }
    said = [words[key].format(_listed(groups[key])) for key in words if key in groups]
    return _listed(said)


def _listed(texts):
    """The texts joined: 'a', 'a and b', 'a, b and c'."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last

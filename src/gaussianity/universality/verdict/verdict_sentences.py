"""The verdict in words: a headline of the study, and a sentence for each subset.

Both speak of the primary cell of each subset, which is the first source's. Each further source has
one sentence on all subsets.
"""

import numpy as np
import pandas as pd

from gaussianity.universality.verdict.decisions import TOO_EASY_APART
from gaussianity.universality.verdict.verdict import at_largest_size

STUDIED = {"diffusion": "generated images", "data": "images"}
CLASSIFIERS = {
    "mse": "a linear classifier with squared error",
    "cross_entropy": "a linear classifier with cross-entropy",
    "least_squares": "a least-squares classifier",
    "two_layer": "a two-layer network",
}
TOO_EASY_TO_COMPARE, CANNOT_TELL = "too easy to compare", "cannot tell yet"
ANSWERS = dict.fromkeys((TOO_EASY_TO_COMPARE, CANNOT_TELL), "no answer")
LONGEST = 220  # characters of a headline: two lines
COLUMNS = ["source", "loss", "train_size", "excess", "low", "high", "margin", "level"]


def studied(source):
    """The images of a source in words."""
    return STUDIED.get(source, f"images of {source}")


def sentences(verdicts, margin):
    """The headline of the study (subset "all"), a sentence for each subset, then one for each
    further source (subset "all").

    Args:    verdicts - see `verdict.table`; margin - see there.
    Returns: DataFrame, a row per sentence: subset, sentence, outcome (the short name; of several
             subsets, the one that all have, else empty), and COLUMNS of the primary cell; of a
             further source, only source.
    """
    primary = verdicts[verdicts["primary"]].assign(margin=margin)
    cells = primary.to_dict("records")
    rows = [_of_all(cells) | dict(sentence=headline(cells))]
    for cell in cells:
        kept = {name: cell[name] for name in ("subset", "outcome", *COLUMNS)}
        rows.append(kept | dict(sentence=f"{cell['subset']}: {_sentence(cell)}."))
    rows += _of_further_sources(verdicts.assign(margin=margin), primary)
    return pd.DataFrame(rows)[["subset", "sentence", "outcome", *COLUMNS]]


def _of_all(cells):
    """Labels of a sentence on all subsets."""
    outcomes = {cell["outcome"] for cell in cells}
    return dict(subset="all", outcome=outcomes.pop() if len(outcomes) == 1 else "")


def _of_further_sources(verdicts, primary):
    """A row for each source without a primary cell: its outcomes with the primary loss."""
    others = at_largest_size(verdicts[verdicts["loss"].isin(primary["loss"])])
    others = others[~others["source"].isin(primary["source"])]
    for source, cells in others.groupby("source", sort=False):
        cells = cells.to_dict("records")
        yield _of_all(cells) | dict(source=source, sentence=f"{_outcomes(f'{source}:', cells)}.")


def headline(cells):
    """One sentence on the primary cells of all subsets, in at most two lines.

    It names the subsets, or counts them where the names do not fit.

    Args:    cells - dicts of the rows of `verdict.table`, with margin.
    """
    if len({_kind(cell) for cell in cells}) == 1:
        whole = _whole(cells[0])
        if len(cells) == 1:  # there is no other subset to tell it from
            return whole.replace(" in {}", "")
        named = whole.format(_listed([cell["subset"] for cell in cells]))
        return named if len(named) <= LONGEST else whole.format(f"all {len(cells)} subsets")
    subject, to = studied(cells[0]["source"]), CLASSIFIERS[cells[0]["loss"]]
    return f"{_outcomes(f'Accuracy of {to} on {subject}, against Gaussian data:', cells)}."


def _outcomes(opening, cells):
    """What is found in which subsets, after an opening; counts where the names do not fit."""
    groups = {}
    for cell in cells:
        groups.setdefault(_kind(cell), []).append(cell["subset"])
    groups = {kind[1]: subsets for kind, subsets in sorted(groups.items())}
    if len(cells) == 1:
        return f"{opening} {next(iter(groups))}"
    said = f"{opening} {'; '.join(f'{kind} in {_listed(of)}' for kind, of in groups.items())}"
    none = _kind(cells[0] | dict(outcome="none"))[1]
    short = {none: [], "a difference": [], "no answer": []}
    for kind, subsets in groups.items():
        short[kind if kind == none else ANSWERS.get(kind, "a difference")] += subsets
    for counted in (groups, short):
        if len(said) >= LONGEST:  # a full stop follows
            parts = [f"{kind} in {len(of)} of {len(cells)}" for kind, of in counted.items() if of]
            said = f"{opening} {'; '.join(parts)} subsets"
    return said


def _kind(cell):
    """What a headline of several kinds says of a subset: its place there, and its words."""
    by, margin = "lower" if cell["excess"] < 0 else "higher", f"{cell['margin']:g}"
    return {
        "none": (0, f"no difference above {margin}"),
        "within": (1, f"{by} by less than {margin}"),
        "at_margin": (2, f"{by} by about {margin}"),
        "beyond": (3, f"{by} by more than {margin}"),
        "too_easy": (4, TOO_EASY_TO_COMPARE),
        "open": (5, CANNOT_TELL),
    }[cell["outcome"]]


def _whole(cell):
    """The headline where all subsets have the outcome of a cell, with braces for their names."""
    to, subject = CLASSIFIERS[cell["loss"]], studied(cell["source"])
    by, margin = "harder" if cell["excess"] < 0 else "easier", f"{cell['margin']:g}"
    if cell["outcome"] == "open":
        return f"Cannot tell yet whether {subject} are like Gaussian data to {to} in {{}}."
    if cell["outcome"] == "too_easy":
        return f"Too easy classes in {{}}: {to} cannot compare {subject} with Gaussian data."
    if cell["outcome"] == "none":
        said = f"accuracies differ by less than {margin}"
        return f"To {to}, {subject} are like Gaussian data in {{}}: {said}."
    size = {"within": "less than", "at_margin": "about", "beyond": "more than"}[cell["outcome"]]
    said = f"by {size} {margin} of accuracy"
    return f"To {to}, {subject} are {by} to classify than Gaussian data in {{}}, {said}."


def _sentence(cell):
    """The primary cell of a subset, with its excess and interval."""
    numbers, margin, name = _numbers(cell), f"{cell['margin']:g}", cell["outcome"]
    if name == "open":
        return f"cannot tell yet ({numbers}); {_first(cell['reason'])}"
    if name == "too_easy":
        if not cell["verdict"].startswith(TOO_EASY_APART):
            return f"the classes are too easy to tell ({numbers})"
        ratio = f"{cell['error_ratio']:.2g} times the errors on Gaussian data"
        return f"too easy for the margin of {margin} ({numbers}), but {ratio}"
    if name == "none":
        return f"no difference of accuracy seen, and none above {margin} ({numbers})"
    less = "less" if cell["excess"] < 0 else "more"
    place = {"within": "within", "beyond": "beyond", "at_margin": "by about"}[name]
    on = f"{less} accurate on {studied(cell['source'])} than on Gaussian data"
    return f"{on}, {place} the margin of {margin} ({numbers})"


def _first(reason):
    """The first of several reasons, without the keys that follow a colon."""
    return reason.split("; ")[0].split(": ")[0]


def _numbers(cell):
    """Excess and interval, with enough digits that a rounded end is not the margin itself."""
    if not -1 <= cell["low"] <= cell["high"] <= 1:
        return f"{cell['excess']:+.3f}, no interval" if np.isfinite(cell["excess"]) else "no excess"
    ends = [abs(cell["low"]), abs(cell["high"])]
    fine = max(ends) < 0.002 or any(round(end, 3) == cell["margin"] != end for end in ends)
    form = "{:+.4f}" if fine else "{:+.3f}"
    excess, low, high = (form.format(cell[name]) for name in ("excess", "low", "high"))
    return f"{excess}, {100 - 200 * cell['level']:.4g} % interval {low} to {high}"


def _listed(texts):
    """The texts joined: 'a', 'a and b', 'a, b and c'."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last

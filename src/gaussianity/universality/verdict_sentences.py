"""The verdict in words: a headline of the study, and a sentence for each subset.

Both speak of the primary cell of each subset.
"""

import numpy as np
import pandas as pd

from gaussianity.universality.decisions import TOO_EASY_APART

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
    """The headline of the study (subset "all"), then a sentence for each subset.

    Args:    verdicts - see `verdict.table`; margin - see there.
    Returns: DataFrame, a row per sentence: subset, sentence, outcome (the short name; of the
             headline, the one that all subsets have, else empty), and COLUMNS of the primary cell.
    """
    primary = verdicts[verdicts["primary"]].assign(margin=margin)
    cells = primary.to_dict("records")
    outcomes = set(primary["outcome"])
    rows = [
        dict(
            subset="all",
            sentence=headline(cells),
            outcome=outcomes.pop() if len(outcomes) == 1 else "",
        )
    ]
    for cell in cells:
        kept = {name: cell[name] for name in ("subset", "outcome", *COLUMNS)}
        rows.append(kept | dict(sentence=f"{cell['subset']}: {_sentence(cell)}."))
    return pd.DataFrame(rows)[["subset", "sentence", "outcome", *COLUMNS]]


def headline(cells):
    """One sentence on the primary cells of all subsets, in at most two lines.

    It names the subsets, or counts them where the names do not fit.

    Args:    cells - dicts of the rows of `verdict.table`, with margin.
    """
    groups = {}
    for cell in cells:
        groups.setdefault(_kind(cell), []).append(cell["subset"])
    if len(groups) == 1:
        whole = _whole(cells[0])
        if len(cells) == 1:  # there is no other subset to tell it from
            return whole.replace(" in {}", "")
        named = whole.format(_listed([cell["subset"] for cell in cells]))
        return named if len(named) <= LONGEST else whole.format(f"all {len(cells)} subsets")
    subject, to = studied(cells[0]["source"]), CLASSIFIERS[cells[0]["loss"]]
    opening = f"Accuracy of {to} on {subject}, against Gaussian data:"
    groups = {kind[1]: subsets for kind, subsets in sorted(groups.items())}
    none = _kind(cells[0] | dict(outcome="none"))[1]
    short = {none: [], "a difference": [], "no answer": []}
    for kind, subsets in groups.items():
        short[kind if kind == none else ANSWERS.get(kind, "a difference")] += subsets
    said = f"{opening} {'; '.join(f'{kind} in {_listed(of)}' for kind, of in groups.items())}."
    for counted in (groups, short):
        if len(said) > LONGEST:
            parts = [f"{kind} in {len(of)} of {len(cells)}" for kind, of in counted.items() if of]
            said = f"{opening} {'; '.join(parts)} subsets."
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

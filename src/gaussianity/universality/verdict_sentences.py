"""The verdict in words: a headline of the study, and a sentence for each subset.

Both speak of the primary cell of each subset.
"""

import numpy as np
import pandas as pd

from gaussianity.universality.decisions import TOO_EASY_APART

STUDIED = {"diffusion": "samples of the denoiser", "data": "images"}
CLASSIFIERS = {
    "mse": "a linear classifier with squared error",
    "cross_entropy": "a linear classifier with cross-entropy",
    "least_squares": "a least-squares classifier",
    "two_layer": "a two-layer network",
}
HEADLINE = 200  # characters of the longest headline that names its subsets: two lines
COLUMNS = ["source", "loss", "train_size", "excess", "low", "high", "margin"]


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

    Args:    cells - dicts of the rows of `verdict.table`, with margin.
    """
    subject, to = STUDIED[cells[0]["source"]], CLASSIFIERS[cells[0]["loss"]]
    clauses = {}
    for cell in cells:
        clauses.setdefault(_clause(cell), []).append(cell["subset"])
    ordered = sorted(clauses.items(), key=lambda clause: clause[0])
    if {cell["outcome"] for cell in cells} == {"open"}:
        opening = f"Cannot tell yet whether the {subject} are like Gaussian data to {to}"
        ordered = [((0, "in {}"), ordered[0][1])]
    else:
        opening = f"To {to}, the {subject}"
    named = [clause.format(_listed(subsets)) for (_, clause), subsets in ordered]
    said = f"{opening} {'; '.join(named)}."
    if len(said) <= HEADLINE:
        return said
    counts = [f"{len(subsets)} of {len(cells)} subsets" for _, subsets in ordered]
    pairs = zip(ordered, counts, strict=True)
    return f"{opening} {'; '.join(clause.format(count) for ((_, clause), _), count in pairs)}."


def _clause(cell):
    """What the headline says of a subset: its place in the sentence, and the words around it."""
    by, margin = "harder" if cell["excess"] < 0 else "easier", f"{cell['margin']:g}"
    differ = f"are {by} to classify than Gaussian data in {{}}, by "
    return {
        "none": (0, f"are like Gaussian data in {{}} (accuracies differ by less than {margin})"),
        "within": (1, f"{differ}less than {margin} of accuracy"),
        "at_margin": (2, f"{differ}about {margin} of accuracy"),
        "beyond": (3, f"{differ}more than {margin} of accuracy"),
        "too_easy": (4, "cannot be judged in {}, where the classes are too easy"),
        "open": (5, "cannot be judged yet in {}"),
    }[cell["outcome"]]


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
    place = {"within": "within", "beyond": "beyond", "at_margin": "as large as"}[name]
    on = f"{less} accurate on {STUDIED[cell['source']]} than on Gaussian data"
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
    return f"{excess}, {100 - 200 * cell['level']:g} % interval {low} to {high}"


def _listed(texts):
    """The texts joined: 'a', 'a and b', 'a, b and c'."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last

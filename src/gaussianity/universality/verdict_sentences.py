"""The verdict in words: a headline of the study, and a sentence for each subset.

Both speak of the primary cell of each subset.
"""

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
    clauses = {}
    for cell in cells:
        clauses.setdefault(_clause(cell), []).append(cell["subset"])
    ordered = sorted(clauses, key=lambda clause: clause[0])
    source, loss = cells[0]["source"], cells[0]["loss"]
    opening = f"To {CLASSIFIERS[loss]}, the {STUDIED[source]}"
    named = [clause.format(_listed(clauses[order, clause])) for order, clause in ordered]
    said = f"{opening} {'; '.join(named)}."
    if len(said) <= HEADLINE:
        return said
    counted = [
        clause.format(f"{len(clauses[order, clause])} of {len(cells)} subsets")
        for order, clause in ordered
    ]
    return f"{opening} {'; '.join(counted)}."


def _clause(cell):
    """What the headline says of a subset: its place in the sentence, and the words around it."""
    by, margin = "harder" if cell["excess"] < 0 else "easier", f"{cell['margin']:g}"
    differ = f"are {by} to tell apart than Gaussian data in {{}}, by "
    return {
        "none": (0, f"are like Gaussian data in {{}} (accuracies differ by less than {margin})"),
        "within": (1, f"{differ}less than {margin} of accuracy"),
        "at_margin": (2, f"{differ}about {margin} of accuracy"),
        "beyond": (3, f"{differ}more than {margin} of accuracy"),
        "too_easy": (4, "cannot be judged in {}, where the classes are too easy"),
        "open": (5, "leave it open in {}: cannot tell yet"),
    }[cell["outcome"]]


def _sentence(cell):
    """The primary cell of a subset, with its excess and interval."""
    numbers = _numbers(cell)
    if cell["outcome"] == "open":
        return f"cannot tell yet ({numbers}): {_first(cell['reason'])}"
    if cell["outcome"] == "too_easy":
        said = "the classes are too easy to tell"
        if cell["verdict"].startswith(TOO_EASY_APART):
            more = "more" if cell["error_ratio"] > 1 else "fewer"
            said = f"too easy for the margin, but {more} errors than on Gaussian data, a factor of "
            said += f"{cell['error_ratio']:.2g}"
        return f"{said} ({numbers})"
    return f"{cell['verdict']} of {cell['margin']:g} in accuracy ({numbers})"


def _first(reason):
    """The first of several reasons, without the advice that follows a colon."""
    return reason.split("; ")[0].split(": ")[0]


def _numbers(cell):
    """Excess and interval, with enough digits that a rounded end is not the margin itself."""
    if not -1 <= cell["low"] <= cell["high"] <= 1:
        return f"{cell['excess']:+.3f}, no interval"
    ends = [abs(cell["low"]), abs(cell["high"])]
    close = any(round(end, 3) == cell["margin"] != end for end in ends)
    form = "{:+.4f}" if close else "{:+.3f}"
    excess, low, high = (form.format(cell[name]) for name in ("excess", "low", "high"))
    return f"{excess}, {1 - 2 * cell['level']:.0%} interval {low} to {high}"


def _listed(texts):
    """The texts joined: 'a', 'a and b', 'a, b and c'."""
    *first, last = texts
    return f"{', '.join(first)} and {last}" if first else last

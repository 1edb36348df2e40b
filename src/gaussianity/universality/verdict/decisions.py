"""The outcome of each cell: corrections for many cells, too easy classes, what would decide.

The verdict of a cell is one of `equivalence.OUTCOMES`, or says that the classes are too easy.
"""

import copy

import numpy as np

from gaussianity.intervals import holm
from gaussianity.universality.verdict import equivalence
from gaussianity.universality.verdict.further_data import (
    Found,
    chance_of_decision,
    look_levels,
    units_needed,
)

TOO_EASY = "too_easy"
TOO_EASY_APART = (
    "within the margin, but the classes are too easy for it: the error rates differ by a factor of"
)
TOO_EASY_TO_TELL = "within the margin, but the classes are too easy to tell"
TESTS = dict(inside="p_none", outside="p_beyond", near="p_near", apart="p_apart")
COLUMNS = [
    *("subset", "loss", "source", "train_size", "primary", "outcome", "verdict", "reason"),
    *("excess", "low", "high", "p_none", "p_beyond", "accuracy_source", "accuracy_gaussian"),
    *("scores_half", "training_half", "error_ratio", "ratio_low", "ratio_high", "pools", "unit"),
    *("seeds", "images_per_pixel", "mixed_images_per_row", "rate_at_edge", "last_epoch_best"),
    *("pools_needed", "level", "correction", "covers"),
]


def decided(cells, margin, ratio):
    """Outcome and verdict of every cell.

    Args:    cells - DataFrame of the rows of `verdict.table`, with at_largest, p_near, p_apart and
             obstacles; margin, ratio - see there.
    Returns: the cells with correction, outcome, verdict and reason (may be empty).
    """
    cells = cells.assign(correction="none: primary cell", **dict.fromkeys(TESTS, False))
    family = ["subset", "source", "at_largest", "primary"]
    for (*_, primary), members in cells.groupby(family, sort=False):
        level = members["level"].iloc[0]
        if not primary:
            cells.loc[members.index, "correction"] = f"Holm, {len(members)} cells"
        for name, p_value in TESTS.items():  # of the single primary cell, Holm corrects nothing
            cells.loc[members.index, name] = holm(members[p_value], level)
    found = [_outcome(cell, margin, ratio) for cell in cells.to_dict("records")]
    for name, column in zip(
        ("outcome", "verdict", "reason"), zip(*found, strict=True), strict=True
    ):
        cells[name] = column
    return cells


def _outcome(cell, margin, ratio):
    """Short name, verdict and reason of one cell."""
    if cell["obstacles"]:
        return "open", equivalence.OPEN, "; ".join(cell["obstacles"])
    interval = equivalence.Interval(cell["excess"], np.nan, 0, cell["low"], cell["high"])
    verdict = equivalence.outcome(interval, margin)
    name = next(name for name, text in equivalence.OUTCOMES.items() if text == verdict)
    corrected = dict(none=cell["inside"], within=cell["inside"], beyond=cell["outside"])
    if not corrected.get(name, True):
        said = "inside" if name != "beyond" else "outside"
        reason = f"the interval lies {said} the margin, but not with the correction for many cells"
        return "open", equivalence.OPEN, reason
    if name in ("none", "within") and not cell["near"] and _can_be_too_easy(cell, margin, ratio):
        if cell["apart"]:
            return TOO_EASY, f"{TOO_EASY_APART} {cell['error_ratio']:.2g}", ""
        reason = f"the ratio of the error rates may be outside of {1 / ratio:.2g} to {ratio:.2g}"
        return TOO_EASY, TOO_EASY_TO_TELL, reason
    return name, verdict, ""


def _can_be_too_easy(cell, margin, ratio):
    """Can error rates that differ by less than the margin differ by more than the ratio?"""
    return 1 - cell["accuracy_gaussian"] < margin * ratio / (ratio - 1)


def explained(cells, designs, *, margin, level, looks, generator):
    """The cells with pools_needed and, where no verdict was found, what would decide.

    Args:    cells - of `decided`; the rest - see `verdict.table`.
    Returns: DataFrame with COLUMNS.
    """
    cells = cells.assign(pools_needed="")
    for index, cell in zip(cells.index, cells.to_dict("records"), strict=True):
        if cell["outcome"] != "open" or cell["obstacles"]:
            continue
        found = Found(cell["excess"], cell["deviation"], cell["pools"])
        design, drawn = designs[cell["source"]], copy.deepcopy(generator)
        later = [look for look in looks or () if look > found.units and design["unit"] == "pool"]
        if later:
            then = look_levels(looks, level)[list(looks).index(later[0])]
            chance = chance_of_decision(found, later[0], margin, then, drawn)
            needed, advice = _next_look(later[0], chance, cell, design)
        else:
            needed, advice = _second_study(units_needed(found, margin, level, drawn), cell, design)
            if looks and design["unit"] == "pool" and ": set for " in advice:
                advice += " and verdict.looks: null"  # the planned looks do not have these pools
        cells.loc[index, "pools_needed"] = needed
        parts = [cell["reason"], _size_is_open(cell), advice]
        cells.loc[index, "reason"] = "; ".join(part for part in parts if part)
    return cells[COLUMNS].reset_index(drop=True)


def _size_is_open(cell):
    if cell["reason"] or cell["low"] <= 0 <= cell["high"]:
        return ""
    return "a difference, its size is open"


def _next_look(pools, chance, cell, design):
    """Range and advice where a look is still planned."""
    images = pools * (design["images_per_class"] // design["units"])
    return f"{pools} pools at the next look", (
        f"the next planned look decides with a chance of {100 * chance:.0f} %: set for "
        f"{cell['source']} pools: {pools} and images_per_class: {images}, with classifier.seeds: "
        f"{pools * cell['seeds']}"
    )


def _second_study(needed, cell, design):
    """Range and advice for a second study, in images, pools and seeds."""
    if needed.at_margin:
        named = f"{needed.at_margin} {design['unit']}s"
        said = f"even {named} as large as these would probably not decide"
        return f"more than {named} (likely at the margin)", (
            f"it likely stands at the margin: {said}"
        )
    ends = [end for end in (needed.likely, needed.very_likely) if end is not None] or [needed.most]
    per_unit = design["images_per_class"] / design["units"]
    images = _between([int(np.ceil(end * per_unit)) for end in ends])
    more = "" if needed.very_likely else "more than " if needed.likely is None else "at least "
    source = cell["source"]
    # A pool has its own seeds, and all folds have the same ones.
    runs = cell["seeds"] if design["unit"] == "pool" else cell["seeds"] / design["units"]
    seeds = _between([int(np.ceil(end * runs)) for end in ends])
    values = f"images_per_class: {more}{images}, with classifier.seeds: {more}{seeds}"
    text = f"{more}{images} images per class"
    if design["unit"] == "pool":
        values = f"pools: {more}{_between(ends)} and {values}"
        text = f"{needed} pools"
    chance = "would probably decide" if needed.likely else "would be needed"
    return text, f"a second study of new images, judged alone, {chance}: set for {source} {values}"


def _between(values):
    return f"{values[0]} to {values[-1]}" if values[0] != values[-1] else str(values[0])

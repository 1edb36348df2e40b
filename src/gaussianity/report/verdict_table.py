"""The table of the verdict: a few columns of figures/verdict.csv, the primary cells first."""

import numpy as np
import pandas as pd

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.report.tables import NO_BREAK, between, read_columns, shown, table

# Columns of the file that are read.
NEEDED = ("subset", "loss", "source", "train_size", "primary", "verdict", "reason")
NEEDED += ("excess", "low", "high", "error_ratio", "ratio_low", "ratio_high")
NEEDED += ("pools", "unit", "level", "covers")


def read_verdict(path):
    """Content of the section of the verdict.

    Args:    path - of a table with a row per subset, loss, source and train_size.
    Returns: dict: primary and others, tables of the primary cells and of all other ones, see
             `table`, each with `reasons`, a text for each row (why a verdict is withheld, or what
             would decide); covers, which variation the intervals of each source include.
    Raises:  InputError - the table is missing or lacks a column.
    """
    frame = read_columns(path, NEEDED)
    primary = frame["primary"].astype(bool)
    return dict(
        primary=verdict_table(frame[primary]),
        others=verdict_table(frame[~primary]),
        covers=[
            dict(sources=" and ".join(sources.unique()), text=text)
            for text, sources in frame.groupby("covers", sort=False)["source"]
        ],
    )


def verdict_table(frame):
    """Content of a table of cells, a row per row of the frame; see `read_verdict`."""
    headings = ("Subset", "Classifier", "Images", "Verdict", "Excess")
    headings += (confidence(frame["level"]), "Error ratio", "Training images", "Units")
    differ = frame["level"].nunique() > 1
    rows = [_row(row, differ) for row in frame.itertuples()]
    reasons = ["" if pd.isna(text) else str(text) for text in frame["reason"]]
    return dict(table(headings, rows), reasons=reasons)


def confidence(levels):
    """The name of intervals of confidence 1 - 2 level, from the level of each one-sided test.

    >>> confidence([0.05, 0.05]), confidence([0.0168]), confidence([0.05, 0.0168])
    ('90 % interval', '96.64 % interval', 'interval')
    """
    names = {f"{percent(level)} interval" for level in levels}
    return names.pop() if len(names) == 1 else "interval"


def percent(level):
    """The confidence 1 - 2 level as text."""
    return f"{100 - 200 * level:.4g} %"


def _row(cell, levels_differ):
    """The texts of one cell, with the confidence of its interval if the cells' levels differ."""
    interval = between(cell.low, cell.high)
    if levels_differ:
        interval += f" ({percent(cell.level)})".replace(" %", f"{NO_BREAK}%")
    ratio = shown(cell.error_ratio, "{:.2f}")
    if not np.isnan(cell.ratio_low + cell.ratio_high):
        reach = between(cell.ratio_low, cell.ratio_high, "{:.2f}").replace(" ", NO_BREAK)
        ratio += f" ({reach})"
    return [
        cell.subset,
        LOSS_NAMES.get(cell.loss, cell.loss),
        cell.source,
        cell.verdict,
        shown(cell.excess),
        interval,
        ratio,
        shown(cell.train_size, "{:.0f}"),
        f"{cell.pools:.0f}{NO_BREAK}{cell.unit}{'' if cell.pools == 1 else 's'}",
    ]

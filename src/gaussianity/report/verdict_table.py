"""The table of the verdict: a few columns of figures/verdict.csv, the primary cells first."""

import numpy as np
import pandas as pd

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.report.tables import NO_BREAK, between, read_columns, shown, table

# Columns of the file that are read.
NEEDED = ("subset", "loss", "source", "train_size", "primary", "verdict", "reason")
NEEDED += ("excess", "low", "high", "error_ratio", "ratio_low", "ratio_high")
NEEDED += ("pools", "unit", "covers")


def read_verdict(path, level):
    """Content of the section of the verdict.

    Args:    path - of a table with a row per subset, loss, source and train_size; level - of each
             one-sided test: the intervals have the confidence 1 - 2 level.
    Returns: dict: primary and others, tables of the primary cells and of all other ones, see
             `table`, each with `reasons`, a text for each row (why a verdict is withheld, or what
             would decide); covers, which variation the intervals of each source include.
    Raises:  InputError - the table is missing or lacks a column.
    """
    frame = read_columns(path, NEEDED)
    primary = frame["primary"].astype(bool)
    return dict(
        primary=verdict_table(frame[primary], level),
        others=verdict_table(frame[~primary], level),
        covers=[
            dict(sources=" and ".join(sources.unique()), text=text)
            for text, sources in frame.groupby("covers", sort=False)["source"]
        ],
    )


def verdict_table(frame, level):
    """Content of a table of cells, a row per row of the frame; see `read_verdict`."""
    headings = ("Subset", "Classifier", "Images", "Verdict", "Excess", confidence(level))
    headings += ("Error ratio", "Training images", "Units")
    rows = [_row(row) for row in frame.itertuples()]
    reasons = ["" if pd.isna(text) else str(text) for text in frame["reason"]]
    return dict(table(headings, rows), reasons=reasons)


def confidence(level):
    """The name of an interval of confidence 1 - 2 level.

    >>> confidence(0.05)
    '90 % interval'
    """
    return f"{100 - 200 * level:g} % interval"


def _row(cell):
    """The texts of one cell."""
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
        between(cell.low, cell.high),
        ratio,
        shown(cell.train_size, "{:.0f}"),
        f"{cell.pools:.0f}{NO_BREAK}{cell.unit}{'' if cell.pools == 1 else 's'}",
    ]

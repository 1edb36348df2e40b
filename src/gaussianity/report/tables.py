"""Tables of the report: texts, headings, numeric columns, outcomes of verdicts."""

import csv
import itertools
import math
import re

import pandas as pd

from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.errors import InputError
from gaussianity.io.seals import AGAIN

ROWS = 50  # shown of a figure's table; its file has all rows
EMPTY = "–"
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]\d+)?")  # as pandas and format write them
LABELS = ("subset", "loss", "source")
# Columns of the verdict in the order of its table: heading and format.
VERDICT_COLUMNS = {
    "subset": ("Subset", "{}"),
    "loss": ("Classifier", "{}"),
    "source": ("Images", "{}"),
    "verdict": ("Verdict", "{}"),
    "more_seeds": ("More seeds needed", "{:.0f}"),
    "excess": ("Excess", "{:+.4f}"),
    "interval": ("Interval", "{}"),
    "gap": ("Gap", "{:+.4f}"),
    "control_gap": ("Control’s gap", "{:+.4f}"),
    "train_size": ("Training images per class", "{:.0f}"),
    "accuracy_source": ("Accuracy on images", "{:.4f}"),
    "accuracy_gaussian": ("On Gaussian data", "{:.4f}"),
    "p_equivalence": ("p of equivalence", "{:.2g}"),
    "pools": ("Pools", "{:.0f}"),
    "seeds": ("Seeds", "{:.0f}"),
}


def csv_table(path, rows=ROWS):
    """The first rows of a CSV file, with numbers rounded to four digits.

    Returns: dict as of `table`; total is the number of rows of the file.
    """
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        columns = next(reader)
        first = list(itertools.islice(reader, rows))
        total = len(first) + sum(1 for _ in reader)
    shown = [[_short(text) for text in row] for row in first]
    return dict(table(columns, shown), total=total)


def table(columns, rows):
    """Content of a table of texts; numeric says of each column whether it contains only numbers."""
    columns, rows = list(columns), [list(map(str, row)) for row in rows]
    numeric = [
        all(cell == EMPTY or NUMBER.fullmatch(cell.replace("−", "-")) for cell in column)
        for column in (zip(*rows, strict=True) if rows else [[]] * len(columns))
    ]
    return dict(columns=columns, rows=rows, numeric=numeric, total=len(rows))


def read_verdict(path, sentences):
    """Content of the section of the verdict.

    Args:    path - of a table with a row per subset, loss, source and train_size; sentences - path
             of a table of subset and sentence.
    Returns: dict of sentences, covers (which variation the intervals of a source include), largest
             (the rows of the largest training size) and all (all rows).
    Raises:  InputError - a table is missing or lacks a column.
    """
    needed = [name for name in VERDICT_COLUMNS if name != "interval"]
    frame = _read(path, [*needed, "low", "high", "covers"])
    said = _read(sentences, ["subset", "sentence"])
    size = frame.groupby(list(LABELS), dropna=False)["train_size"].transform("max")
    return dict(
        sentences=[_sentence(str(row.subset), str(row.sentence)) for row in said.itertuples()],
        covers=[
            dict(sources=" and ".join(sources.unique()), text=text)
            for text, sources in frame.groupby("covers", sort=False)["source"]
        ],
        largest=verdict_table(frame[frame["train_size"] == size]),
        all=verdict_table(frame),
    )


def _sentence(subset, text):
    """A sentence without the name of its subset, which the page shows above it."""
    text = text.removeprefix(f"{subset}: ")
    return dict(subset=subset, sentence=text[:1].upper() + text[1:])


def verdict_table(frame):
    """Content of a table of the verdict; `outcomes` contains the outcome of each row."""
    between = [
        f"{_signed(low)} to {_signed(high)}" if math.isfinite(low + high) else EMPTY
        for low, high in zip(frame["low"], frame["high"], strict=True)
    ]
    losses = [LOSS_NAMES.get(loss, loss) for loss in frame["loss"]]
    verdicts = [re.split(r",| within ", text)[0] for text in frame["verdict"]]
    frame = frame.assign(interval=between, loss=losses, verdict=verdicts)
    headings = [heading for heading, _ in VERDICT_COLUMNS.values()]
    formats = [(name, form) for name, (_, form) in VERDICT_COLUMNS.items()]
    rows = [[_formatted(row[name], form) for name, form in formats] for _, row in frame.iterrows()]
    shown = table(headings, rows)
    return dict(shown, outcomes=[outcome(text) for text in verdicts])


def outcome(text):
    """Outcome of a verdict by its first word: yes, no or open."""
    return {"universal": "yes", "not": "no"}.get(str(text).split(" ")[0].lower(), "open")


def _read(path, columns):
    """Read a table of the verdict; InputError unless it has the columns."""
    try:
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected a table of the verdict: {error}; {AGAIN}") from None
    missing = [name for name in columns if name not in frame]
    if missing:
        raise InputError(
            f"{path}: expected the columns {', '.join(columns)}, found {', '.join(frame)}; {AGAIN}"
        )
    return frame


def _formatted(value, form):
    if pd.isna(value):
        return EMPTY
    return form.format(value).replace("-", "−") if form != "{}" else str(value)


def _signed(value):
    return _formatted(value, "{:+.4f}")


def _short(text):
    """A number rounded to four digits; other text unchanged."""
    if not NUMBER.fullmatch(text):
        return text or EMPTY
    shown = text if text.lstrip("-").isdigit() else f"{float(text):.4g}"
    return shown.replace("-", "−")

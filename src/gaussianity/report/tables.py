"""Tables of the report: texts, headings, numeric columns."""

import csv
import itertools
import re

import pandas as pd

from gaussianity.errors import InputError
from gaussianity.io.seals import AGAIN

NAMES = dict.fromkeys(("subset", "source", "image_class"), str)  # also where they are numbers
ROWS = 50  # shown of a figure's table; its file has all rows
EMPTY = "–"
NO_BREAK = "\N{NO-BREAK SPACE}"
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]\d+)?")  # as pandas and format write them


def csv_table(path, rows=ROWS):
    """The first rows of a CSV file, with numbers rounded to four digits.

    Returns: dict as of `table`; total is the number of rows of the file.
    """
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        columns = next(reader)
        first = list(itertools.islice(reader, rows))
        total = len(first) + sum(1 for _ in reader)
    short = [[_short(text) for text in row] for row in first]
    return dict(table(columns, short), total=total)


def table(columns, rows):
    """Content of a table of texts; numeric says of each column whether it contains only numbers."""
    columns, rows = list(columns), [list(map(str, row)) for row in rows]
    numeric = [
        all(cell == EMPTY or NUMBER.fullmatch(cell.replace("−", "-")) for cell in column)
        for column in (zip(*rows, strict=True) if rows else [[]] * len(columns))
    ]
    return dict(columns=columns, rows=rows, numeric=numeric, total=len(rows))


def read_columns(path, columns):
    """A table of the verdict as a DataFrame; only empty cells are NaN, and names are text.

    Raises:  InputError - the table is missing, or lacks one of the columns.
    """
    try:
        frame = pd.read_csv(path, keep_default_na=False, na_values=[""], dtype=NAMES)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected a table of the verdict: {error}; {AGAIN}") from None
    missing = [name for name in columns if name not in frame]
    if missing:
        raise InputError(
            f"{path}: expected the columns {', '.join(columns)}, found {', '.join(frame)}; {AGAIN}"
        )
    return frame


def shown(value, form="{:+.4f}"):
    """A number as text with a proper minus sign and the sign of infinity; EMPTY for NaN."""
    if pd.isna(value):
        return EMPTY
    return form.format(value).replace("-", "−").replace("inf", "∞")


def between(low, high, form="{:+.4f}"):
    """An interval as text; EMPTY unless both ends are known.

    >>> between(-0.25, 0.5), between(0.5, float("inf"), "{:.2f}"), between(float("nan"), 1.0)
    ('−0.2500 to +0.5000', '0.50 to ∞', '–')
    """
    known = not (pd.isna(low) or pd.isna(high))
    return f"{shown(low, form)} to {shown(high, form)}" if known else EMPTY


def _short(text):
    """A number rounded to four digits; other text unchanged."""
    if not NUMBER.fullmatch(text):
        return text or EMPTY
    short = text if text.lstrip("-").isdigit() else f"{float(text):.4g}"
    return short.replace("-", "−")

"""Shared style of the figures: theme, named colours, looks of origins, layout and files."""

import contextlib
import io
import itertools
import math
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.ticker import LogLocator, NullLocator
from PIL import Image

from gaussianity.errors import InputError
from gaussianity.io.files import replacing, write_csv
from gaussianity.io.seals import AGAIN, file_checksum, is_at, recorded_name

# Colour-blind readers can distinguish these colours of Okabe and Ito.
BLUE, SKY_BLUE, GREEN = "#0072B2", "#56B4E9", "#009E73"
VERMILION, ORANGE, PURPLE = "#D55E00", "#E69F00", "#CC79A7"
BLACK, GREY, LIGHT_GREY = "#000000", "#999999", "#BBBBBB"
PALE_BLUE, PALE_GREY, PALE_ORANGE = "#c6dbef", "#f0f0f0", "#fdbe85"  # behind text
# Lines of different origins also differ in dash and marker.
COLOURS = {"diffusion": BLUE, "data": VERMILION}
GAUSSIAN_COLOURS = {"diffusion": SKY_BLUE, "data": ORANGE}
MARKERS = {"diffusion": "o", "data": "s"}
# Colour of a source, of its Gaussian data, and marker of further sources, in their order.
FURTHER = (
    (GREEN, "#7fd1b9", "^"),
    (PURPLE, "#e5c3d6", "D"),
    ("#8c564b", "#c5a8a1", "v"),
    ("#4d4d4d", LIGHT_GREY, "P"),
    ("#b8a100", "#e3d87c", "X"),
)
PNG_END = b"IEND\xae\x42\x60\x82"
WIDTH = 10.0  # inches; the text is 10 points at this width
SYMBOL, CHARACTER = 0.6, 0.074  # inches of a legend, in width


@contextlib.contextmanager
def theme():
    """seaborn's theme for print: white, with grid, and with text that stays text in a PDF."""
    fixed = {"pdf.fonttype": 42, "svg.fonttype": "none", "axes.titlesize": 10, "figure.dpi": 100}
    look = sns.axes_style("whitegrid") | sns.plotting_context("paper", font_scale=1.1)
    with plt.rc_context(look | fixed):
        yield


def name_sources(names):
    """Give the sources of a study, in their order, looks of their own.

    `diffusion` and `data` have theirs. With more than five others looks repeat.
    """
    others = [name for name in names if name not in ("diffusion", "data")]
    for name, look in zip(others, itertools.cycle(FURTHER), strict=False):
        COLOURS[name], GAUSSIAN_COLOURS[name], MARKERS[name] = look


def label(origin):
    """An origin in words.

    >>> label("data"), label("data-gaussian")
    ('data', 'Gaussian matched to data')
    """
    source = origin.removesuffix("-gaussian")
    return source if origin == source else f"Gaussian matched to {source}"


def line_style(origin):
    """Keyword arguments of an origin's line: solid for a source, dashed for Gaussian data."""
    source = origin.removesuffix("-gaussian")
    if origin == source:
        return dict(color=COLOURS[source], linestyle="-", label=label(origin))
    return dict(color=GAUSSIAN_COLOURS[source], linestyle="--", label=label(origin))


def marker(origin):
    """Marker of an origin: filled for a source, open for its Gaussian data."""
    source = origin.removesuffix("-gaussian")
    return dict(marker=MARKERS[source], markerfacecolor=None if origin == source else "white")


def grid(rows, columns, *, height=2.6, **options):
    """Figure and array (rows, columns) of axes, in a layout without overlaps."""
    return plt.subplots(
        rows,
        columns,
        figsize=(WIDTH, height * rows),
        squeeze=False,
        layout="constrained",
        **options,
    )


def mosaic(layout, heights):
    """Figure and dict of axes by their letter, in a layout without overlaps.

    Args:    layout - a text per row, a letter per column; heights - of the rows, inches.
    """
    return plt.subplot_mosaic(
        "\n".join(layout),
        figsize=(WIDTH, sum(heights)),
        height_ratios=heights,
        layout="constrained",
    )


def panels(count, columns, *, height=2.6, **options):
    """Figure and list of `count` axes in rows of at most `columns`; the other places stay empty."""
    columns = min(columns, count)
    figure, axes = grid(math.ceil(count / columns), columns, height=height, **options)
    for unused in axes.flat[count:]:
        unused.set_visible(False)
    return figure, list(axes.flat[:count])


def log_axis(panel):
    """Make the x axis logarithmic with plain numbers, after everything is drawn.

    Within one decade there are more ticks.
    """
    panel.set_xscale("log")
    low, high = panel.get_xlim()
    decade = (1, 2, 5) if high > 10 * low else (1, 1.5, 2, 3, 5, 7)
    panel.xaxis.set_major_locator(LogLocator(subs=decade))
    panel.xaxis.set_major_formatter("{x:g}")
    panel.xaxis.set_minor_locator(NullLocator())


def shared_legend(figure, axes, columns=4, *, below=False):
    """One legend for all panels: above them, or below them where there is a title above.

    It has fewer columns where they are wider than the figure.
    """
    entries = {}
    for panel in axes:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    place = f"outside {'lower' if below else 'upper'} center"
    columns = _legend_columns(list(entries), columns)
    figure.legend(entries.values(), entries.keys(), loc=place, ncols=columns, frameon=False)


def _legend_columns(labels, columns):
    """The number of columns, or the largest smaller one that fits and fills all rows.

    >>> _legend_columns(["a"] * 8, 4), _legend_columns(["a long label" * 3] * 8, 4)
    (4, 2)
    """
    numbers = [columns, *(n for n in range(columns - 1, 1, -1) if len(labels) % n == 0)]
    return next((n for n in numbers if _legend_width(labels, n) <= WIDTH), 1)


def _legend_width(labels, columns):
    """About how wide a legend is, in inches, from the longest label of each column."""
    parts = [part for part in np.array_split(labels, columns) if len(part)]
    return sum(SYMBOL + CHARACTER * max(map(len, part)) for part in parts)


def save(figure, table, *, pdf, png, csv):
    """Write a figure as PNG and PDF, and its table as CSV.

    The PNG's text has its own name and the table's checksum; see `require_saved`. The PDF has the
    PNG's layout, because computing the layout takes as long as all the rest of the drawing.
    """
    write_csv(csv, table)
    about = {"gaussianity-name": recorded_name(png), "gaussianity-table": file_checksum(csv)}
    for path, kind, metadata in ((png, "png", about), (pdf, "pdf", {"CreationDate": None})):
        with theme(), replacing(path) as temporary:
            figure.savefig(temporary, format=kind, dpi=150, metadata=metadata)
        figure.set_layout_engine("none")
    plt.close(figure)


def require_saved(png, csv):
    """Raise an InputError unless a figure's PNG and table are as `save` wrote them.

    A PNG has a checksum of each of its parts. So a PNG without errors has the right text, which
    holds the table's checksum.
    """
    again = f"delete it and its {Path(csv).name} and run the workflow again"
    try:
        content = Path(png).read_bytes()
        with Image.open(io.BytesIO(content)) as image:
            image.verify()
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            about = image.text
        table = file_checksum(csv)
    except FileNotFoundError as error:
        raise InputError(f"{error.filename}: expected a figure's file, found none") from None
    except Exception as error:  # a damaged image raises errors of many kinds
        raise InputError(f"{png}: expected a readable PNG: {error}; {again}") from None
    if not content.endswith(PNG_END) or not is_at(png, about.get("gaussianity-name", "no name")):
        raise InputError(f"{png}: expected the figure that was written here; {again}")
    if table != about.get("gaussianity-table"):
        raise InputError(f"{csv}: expected the table of {png}, found another checksum; {AGAIN}")

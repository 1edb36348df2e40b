"""What the figures share: theme, colours of origins, files."""

import contextlib
import math

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import seaborn as sns

from gaussianity.files import replacing, write_csv

# Okabe and Ito's colours, told apart by colour-blind readers; lines differ in dash and marker too.
COLOURS = {"diffusion": "#0072B2", "data": "#D55E00"}
GAUSSIAN_COLOURS = {"diffusion": "#56B4E9", "data": "#E69F00"}
LABELS = {
    "diffusion": "diffusion",
    "diffusion-gaussian": "Gaussian matched to diffusion",
    "data": "data",
    "data-gaussian": "Gaussian matched to data",
}
WIDTH = 10.0  # inches; the text is 10 points at this width


@contextlib.contextmanager
def theme():
    """seaborn's theme for print: white, grid, text that stays text in a PDF."""
    fixed = {"pdf.fonttype": 42, "svg.fonttype": "none", "axes.titlesize": 10, "figure.dpi": 100}
    look = sns.axes_style("whitegrid") | sns.plotting_context("paper", font_scale=1.1)
    with plt.rc_context(look | fixed):
        yield


def line_style(origin):
    """Keyword arguments of an origin's line: full for a source, dashed for Gaussian data."""
    source = origin.removesuffix("-gaussian")
    if origin == source:
        return dict(color=COLOURS[source], linestyle="-", label=LABELS[origin])
    return dict(color=GAUSSIAN_COLOURS[source], linestyle="--", label=LABELS[origin])


def marker(origin):
    """Marker of an origin: filled for a source, open for its Gaussian data."""
    shape = "o" if origin.startswith("diffusion") else "s"
    return dict(marker=shape, markerfacecolor="white" if origin.endswith("-gaussian") else None)


def grid(rows, columns, *, height=2.6, **options):
    """Figure and array (rows, columns) of axes, laid out without overlaps."""
    return plt.subplots(
        rows,
        columns,
        figsize=(WIDTH, height * rows),
        squeeze=False,
        layout="constrained",
        **options,
    )


def panels(count, columns, *, height=2.6, **options):
    """Figure and list of `count` axes in rows of at most `columns`; places left over stay empty."""
    columns = min(columns, count)
    figure, axes = grid(math.ceil(count / columns), columns, height=height, **options)
    for unused in axes.flat[count:]:
        unused.set_visible(False)
    return figure, list(axes.flat[:count])


def shared_legend(figure, axes):
    """One legend for all panels, above them."""
    entries = {}
    for panel in axes:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    figure.legend(
        entries.values(), entries.keys(), loc="outside upper center", ncols=4, frameon=False
    )


def save(figure, table, *, pdf, png, csv):
    """Write a figure twice, for print and for the screen, and its table beside it."""
    for path, kind in ((pdf, "pdf"), (png, "png")):
        with theme(), replacing(path) as temporary:
            metadata = {"CreationDate": None} if kind == "pdf" else None
            figure.savefig(temporary, format=kind, dpi=150, metadata=metadata)
    plt.close(figure)
    write_csv(csv, table)

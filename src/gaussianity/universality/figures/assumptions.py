"""Figure "assumptions": the measured assumptions of the universality theorem, and the verdicts.

Theorem 1 of Ghane et al. (2025), arXiv 2501.07741. The measurements are in
`gaussianity.universality.assumptions.assumptions`.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.ticker import LogLocator, NullLocator

from gaussianity.drawing import style
from gaussianity.universality.assumptions.trends import FAILS, HOLDS, NOT_DECIDED

QUANTITIES = {
    "mean": "mean, ‖μ‖²",
    "projection_2": "random projection, E|vᵀx|²",
    "projection_4": "random projection, E|vᵀx|⁴",
    "projection_6": "random projection, E|vᵀx|⁶",
    "principal_2": "worst projection, E|v₁ᵀx|²",
    "norm_variance": "Var(xᵀx)",
    "form_variance": "Var(xᵀCx), random C",
    "gram": "smallest sing. value of XXᵀ",
    "gram_nonzero": "smallest that is not 0",
    "gram_n": "smallest sing. value of XXᵀ",
    "spectrum": "covariance eigenvalues",
}
SIZES = {
    "d": "dimension d",
    "n": "rows n of X",
    "rank": "rank",
}
VERDICTS = {
    HOLDS: style.PALE_BLUE,
    NOT_DECIDED: style.PALE_GREY,
    FAILS: style.PALE_ORANGE,
}
COLUMNS = ["subset", "origin", "assumption", "quantity", "trend_in", "size", "size_value"]
COLUMNS += ["reference", "value", "trend", "low", "high", "theory", "holds_to", "fails_from"]
COLUMNS += ["verdict"]


def table(measured):
    """The columns of the figure's table in their order."""
    return measured[COLUMNS]


def draw(measured):
    """A panel per quantity against its size, and below them the verdicts.

    Args:    measured - see `table`, of one subset. Returns: Figure.
    """
    (subset,) = measured["subset"].unique()
    names = [name for name in QUANTITIES if name in set(measured["quantity"])]
    with style.theme():
        figure = plt.figure(figsize=(style.WIDTH, 12.3), layout="constrained")
        top, bottom = figure.subfigures(2, 1, height_ratios=[7.0, 5.3])
        axes = top.subplots(3, 4)
        for panel, name in zip(axes.flat, names, strict=False):
            _quantity(panel, measured[measured["quantity"] == name], name)
        for unused in axes.flat[len(names) :]:
            unused.set_visible(False)
        handles, labels = axes.flat[0].get_legend_handles_labels()
        top.legend(handles, labels, loc="outside upper center", ncols=3, frameon=False)
        _verdicts(bottom.subplots(), measured, names, subset)
    return figure


def _quantity(panel, chosen, name):
    for origin, line in chosen.groupby("origin", sort=False):
        panel.plot(line["size"], line["reference"], color=style.GREY, linestyle=":")
        shown = line[line["size_value"] > 0]
        marks = dict(marker="") if name == "spectrum" else style.marker(origin)
        look = style.line_style(origin) | marks
        panel.plot(shown["size"], shown["size_value"], linewidth=1.5, markersize=4, **look)
    panel.plot([], [], color=style.GREY, linestyle=":", label="independent coordinates")
    panel.set(xscale="log", yscale="log")
    ends = [chosen["size"].min(), chosen["size"].max()]
    panel.set_xticks(ends, [f"{size:,}" for size in ends])
    decades = np.log10(np.divide(*panel.get_ylim()[::-1]))
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 3) if decades < 2.5 else (1,), numticks=5))
    panel.yaxis.set_major_formatter("{x:g}")
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_minor_locator(NullLocator())
    panel.set_xlabel(SIZES[chosen["trend_in"].iloc[0]], labelpad=1, fontsize=9)
    panel.set_title(QUANTITIES[name], fontsize=9)


def _verdicts(panel, measured, names, subset):
    first = measured.drop_duplicates(["origin", "quantity"]).set_index(["quantity", "origin"])
    origins = list(measured["origin"].unique())
    rows = [[first.loc[(name, origin)] for origin in origins] for name in names]
    codes = [[list(VERDICTS).index(cell["verdict"]) for cell in row] for row in rows]
    colours = ListedColormap(list(VERDICTS.values()))
    shades = dict(cmap=colours, vmin=0, vmax=len(VERDICTS) - 1)
    panel.pcolormesh(codes, edgecolor="white", linewidth=2, **shades)
    for i, row in enumerate(rows):
        for k, cell in enumerate(row):
            at = dict(ha="center", va="center", fontsize=8, in_layout=False)
            panel.text(k + 0.5, i + 0.5, _words(cell), **at)
    labels = [
        f"{QUANTITIES[n]}, in {row[0]['trend_in']}" for n, row in zip(names, rows, strict=True)
    ]
    panel.set_yticks(np.arange(len(names)) + 0.5, labels, fontsize=8.5)
    columns = [style.label(origin).replace(" matched", "\nmatched") for origin in origins]
    panel.set_xticks(np.arange(len(origins)) + 0.5, columns, fontsize=8.5)
    panel.xaxis.tick_top()
    panel.tick_params(length=0)
    panel.invert_yaxis()
    panel.grid(False)
    panel.spines[:].set_visible(False)
    panel.set_title(f"subset {subset}: verdict, exponent of the trend, what is wanted", fontsize=10)


def _words(cell):
    """Verdict, trend and the limit of trends that hold: "fails, -1.46 ± 0.21 (≥ -0.96)"."""
    if np.isnan(cell["trend"]):
        return f"{cell['verdict']}\n0 at some size"
    sign = "≤" if cell["holds_to"] >= cell["theory"] else "≥"
    away = (cell["high"] - cell["low"]) / 2
    words = f"{cell['trend']:.2f} ± {away:.2f} ({sign} {cell['holds_to']:.2f})"
    return f"{cell['verdict']}\n{words}".replace("-", "\N{MINUS SIGN}")

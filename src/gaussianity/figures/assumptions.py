"""Figure "assumptions": what the universality theorem assumes, measured, with its verdicts.

Theorem 1 of Ghane et al. (2025), arXiv 2501.07741; the measurements are ours, see
`gaussianity.assumptions`.
"""

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.colors import ListedColormap
from matplotlib.ticker import LogLocator, NullFormatter, NullLocator

from gaussianity.figures import style

QUANTITIES = {
    "mean": r"mean $\|\mu\|^2$",
    "projection_2": r"random projection, $E|v^T x|^2$",
    "projection_4": r"random projection, $E|v^T x|^4$",
    "projection_6": r"random projection, $E|v^T x|^6$",
    "principal_2": r"worst projection, $E|v_1^T x|^2$",
    "norm_variance": r"Var($x^T x$)",
    "form_variance": r"Var($x^T C x$), random $C$",
    "gram": r"smallest sing. value of $X X^T$",
    "gram_nonzero": "smallest that is not 0",
    "gram_n": r"smallest sing. value, more rows",
    "spectrum": "covariance eigenvalues",
}
SIZES = {
    "d": "dimension d",
    "n": "rows n of $X$",
    "rank": "rank",
}
VERDICTS = {"holds": "#c6dbef", "not decided": "#f0f0f0", "fails": "#fdbe85"}
COLUMNS = ["subset", "origin", "assumption", "quantity", "trend_in", "size", "size_value"]
COLUMNS += ["reference", "value", "trend", "low", "high", "theory", "holds_to", "fails_from"]
COLUMNS += ["verdict"]


def table(measured):
    """The columns of all tables of assumptions together, in the order in which one reads them."""
    return measured[COLUMNS]


def draw(measured):
    """A panel per quantity against its size, and below it what holds.

    Args:    measured - see `table`, of one subset. Returns: Figure.
    """
    (subset,) = measured["subset"].unique()
    names = [name for name in QUANTITIES if name in set(measured["quantity"])]
    with style.theme():
        figure = plt.figure(figsize=(style.WIDTH, 11.5), layout="constrained")
        top, bottom = figure.subfigures(2, 1, height_ratios=[7.3, 4.2])
        axes = top.subplots(3, 4)
        for panel, name in zip(axes.flat, names, strict=False):
            _quantity(panel, measured[measured["quantity"] == name], name)
        for unused in axes.flat[len(names) :]:
            unused.set_visible(False)
        style.shared_legend(top, axes.flat[: len(names)])
        _verdicts(bottom.subplots(), measured, names, subset)
    return figure


def _quantity(panel, chosen, name):
    for origin, line in chosen.groupby("origin", sort=False):
        panel.plot(
            line["size"],
            line["reference"],
            color="0.6",
            linestyle=":",
            label="independent coordinates",
        )
        shown = line[line["size_value"] > 0]
        marks = dict(marker="") if name == "spectrum" else style.marker(origin)
        look = style.line_style(origin) | marks
        panel.plot(shown["size"], shown["size_value"], linewidth=1.5, markersize=4, **look)
    panel.set(xscale="log", yscale="log")
    sizes = sorted(chosen["size"].unique())
    if name != "spectrum":
        panel.set_xticks([sizes[0], sizes[-1]], [f"{sizes[0]:,}", f"{sizes[-1]:,}"])
        panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_minor_formatter(NullFormatter())
    panel.yaxis.set_major_locator(LogLocator(numticks=5))
    panel.yaxis.set_minor_formatter(NullFormatter())
    panel.set_xlabel(SIZES[chosen["trend_in"].iloc[0]], labelpad=1, fontsize=9)
    panel.set_title(QUANTITIES[name], fontsize=9)


def _verdicts(panel, measured, names, subset):
    first = measured.drop_duplicates(["origin", "quantity"]).set_index(["quantity", "origin"])
    origins = list(measured["origin"].unique())
    rows = [[first.loc[(name, origin)] for origin in origins] for name in names]
    codes = [[list(VERDICTS).index(cell["verdict"]) for cell in row] for row in rows]
    sns.heatmap(
        codes,
        ax=panel,
        cmap=ListedColormap(list(VERDICTS.values())),
        vmin=0,
        vmax=len(VERDICTS) - 1,
        annot=[[_words(cell) for cell in row] for row in rows],
        fmt="",
        annot_kws=dict(size=8, color="black"),
        linewidths=1,
        cbar=False,
        xticklabels=[style.LABELS[origin].replace(" matched", "\nmatched") for origin in origins],
        yticklabels=[
            f"{QUANTITIES[n]}, in {row[0]['trend_in']}" for n, row in zip(names, rows, strict=True)
        ],
    )
    panel.tick_params(axis="y", labelrotation=0, labelsize=8.5)
    panel.tick_params(axis="x", labelrotation=0, labelsize=8.5, top=False, labeltop=True)
    panel.tick_params(axis="x", bottom=False, labelbottom=False)
    panel.set_title(f"subset {subset}: verdict, exponent of the trend, what is wanted", fontsize=10)


def _words(cell):
    """As "fails: -1.46 ± 0.21 (≥ -0.96)": verdict, trend, and the last trend that holds."""
    if np.isnan(cell["trend"]):
        return f"{cell['verdict']}: 0"
    sign = "≤" if cell["holds_to"] >= cell["theory"] else "≥"
    away = (cell["high"] - cell["low"]) / 2
    words = f"{cell['trend']:.2f} ± {away:.2f} ({sign} {cell['holds_to']:.2f})"
    return f"{cell['verdict']}: {words}".replace("-", "\N{MINUS SIGN}")

"""Figure "controls": verdicts on images with a known excess, and the gap from estimation alone."""

import numpy as np

from gaussianity.drawing import style
from gaussianity.universality.equivalence import INCONCLUSIVE, NOT_UNIVERSAL, UNIVERSAL

NAMES = {"gaussian": "Gaussian", "uniform": "uniform latent", "two_modes": "two modes"}
COLOURS = {"gaussian": style.BLUE, "uniform": style.GREEN, "two_modes": style.VERMILION}
VERDICTS = {
    NOT_UNIVERSAL: style.VERMILION,
    INCONCLUSIVE: style.LIGHT_GREY,
    UNIVERSAL: style.SKY_BLUE,
}
ESTIMATORS = {
    "sample": ("sample covariance", style.BLUE),
    "ledoit_wolf": ("Ledoit-Wolf", style.ORANGE),
}
NOMINAL = 0.05  # share of false "not universal" at the margin: one side of a 90 % interval


def draw(summary, margin):
    """Shares of verdicts, the estimation gap against fitted images, intervals of repetitions.

    Args:    summary - see `control_summary.summary`; margin - of the verdicts. Returns: Figure.
    """
    with style.theme():
        figure, axes = style.grid(1, 3, height=3.9)
        shares, gaps, excesses = (
            summary[summary["panel"] == name] for name in ("verdicts", "estimation", "excess")
        )
        _draw_shares(axes[0][0], shares)
        _draw_gaps(axes[0][1], gaps)
        _draw_excesses(axes[0][2], excesses, margin)
    return figure


def _draw_shares(panel, shares):
    cases = list(shares["case"].unique())
    left = np.zeros(len(cases))
    for verdict, colour in VERDICTS.items():
        chosen = shares[shares["quantity"] == verdict].set_index("case").loc[cases]
        width = 100 * chosen["value"].to_numpy()
        panel.barh(range(len(cases)), width, left=left, color=colour, label=verdict, height=0.5)
        if verdict == NOT_UNIVERSAL:
            ends = 100 * chosen[["low", "high"]].to_numpy()
            panel.hlines(range(len(cases)), ends[:, 0], ends[:, 1], color="black", linewidth=1.5)
        left += width
    panel.axvline(100 * NOMINAL, color="black", linestyle="--", linewidth=1, label="5 %, nominal")
    panel.set_yticks(range(len(cases)), [NAMES[case] for case in cases], rotation=90, va="center")
    panel.invert_yaxis()
    panel.set_xlim(0, 100)
    panel.set_xlabel("share of repetitions (%)")
    panel.set_title(f"(a) verdicts of {shares['count'].max()} repetitions")
    panel.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2, fontsize=8)


def _draw_gaps(panel, gaps):
    for (case, quantity), line in gaps.groupby(["case", "quantity"], sort=False):
        name, colour = ESTIMATORS[case]
        fit = quantity == "gap"
        panel.errorbar(
            line["at"],
            line["value"],
            yerr=(line["high"] - line["low"]) / 2,
            color=colour,
            linestyle="-" if fit else "--",
            marker="o" if fit else "s",
            markerfacecolor=None if fit else "white",
            markersize=4,
            label=f"{name}, {'fit' if fit else 'second fit'}",
        )
    panel.axhline(0, color="black", linewidth=0.8)
    panel.set_xscale("log", base=2)
    panel.xaxis.set_major_formatter("{x:g}")
    panel.set_xlabel("images of a class in the fit")
    panel.set_ylabel("accuracy of the fit less what it fits")
    panel.set_title("(b) the gap of estimation alone")
    panel.legend(loc="upper right", fontsize=8)


def _draw_excesses(panel, excesses, margin):
    start = 0
    for case, found in excesses.groupby("case", sort=False):
        at = start + np.arange(len(found))
        reach = np.stack([found["value"] - found["low"], found["high"] - found["value"]])
        look = dict(fmt="o", markersize=3, linewidth=1.2, color=COLOURS[case], label=NAMES[case])
        panel.errorbar(at, found["value"], yerr=reach, **look)
        start += len(found) + 1
    panel.axhspan(-margin, margin, color="black", alpha=0.1, linewidth=0, label="margin")
    panel.axhline(0, color="black", linewidth=0.8)
    panel.set_xticks([])
    panel.set_xlabel("repetitions")
    panel.set_ylabel("excess and its 90 % interval")
    panel.set_title(f"(c) {excesses['at'].nunique()} repetitions of each")
    panel.legend(loc="lower left", fontsize=8)

"""Figure "controls": intervals and verdicts where the truth is known, and why the verdict mixes."""

import numpy as np

from gaussianity.drawing import style
from gaussianity.universality.controls.control_summary import BEYOND, COVERED, INSIDE, accepted
from gaussianity.universality.controls.controls import LEVEL
from gaussianity.universality.verdict.equivalence import OUTCOMES

NAMES = {
    "gaussian": "Gaussian",
    "one_pool": "Gaussian, one pool",
    "uniform": "uniform latent",
    "two_modes": "two modes",
    "modes_at_margin": "two modes at margin",
    "tails_at_margin": "heavy tails at margin",
}
SHADES = (style.SKY_BLUE, style.BLUE, style.VERMILION, style.ORANGE, style.LIGHT_GREY)
LAWS = {
    "normal": ("Gaussian images", dict(linestyle="-", marker="o")),
    "t_5": ("heavy tails", dict(linestyle="--", marker="s", markerfacecolor="white")),
}
METHODS = {
    "sample": ("fit", style.BLUE),
    "ledoit_wolf": ("Ledoit-Wolf fit", style.ORANGE),
    "mixing": ("mixing", style.VERMILION),
}


def draw(summary):
    """Coverage, what estimation leaves, false verdicts at the margin, and shares of the outcomes.

    Args:    summary - see `control_summary.summary`. Returns: Figure.
    """
    with style.theme():
        figure, axes = style.grid(2, 2, height=3.6)
        names = ("coverage", "estimation", "false", "outcomes")
        draws = (_draw_coverage, _draw_left, _draw_false, _draw_outcomes)
        for panel, name, draw_panel in zip(axes.flat, names, draws, strict=True):
            draw_panel(panel, summary[summary["panel"] == name])
    return figure


def _draw_coverage(panel, rows):
    _draw_shares(panel, rows, [NAMES[case] for case in rows["case"]])
    count = int(rows["count"].max())
    panel.axvspan(100 * accepted(count) / count, 100, color="black", alpha=0.1, linewidth=0)
    panel.axvline(100 * COVERED, color="black", linestyle="--", linewidth=1)
    panel.set_xlabel(f"90 % intervals that contain the truth (%), of {count}\n(grey: accepted)")
    state = "passes" if rows["passes"].astype(bool).all() else "FAILS"
    panel.set_title(f"(a) coverage: the control {state}")


def _draw_false(panel, rows):
    verdict = {INSIDE: "inside", BEYOND: "beyond"}
    texts = [
        f"{NAMES[case].removesuffix(' at margin')}: {verdict[quantity]}"
        for case, quantity in zip(rows["case"], rows["quantity"], strict=True)
    ]
    _draw_shares(panel, rows, texts)
    panel.axvline(100 * LEVEL, color="black", linestyle="--", linewidth=1)
    panel.set_xlim(left=0)
    panel.set_xlabel("share of repetitions (%) (dashed: nominal)")
    panel.set_title("(c) false verdicts where the truth is at the margin")


def _draw_shares(panel, rows, texts):
    """Percentages with their intervals, a line each, the first one at the top."""
    value, low, high = (100 * rows[name].to_numpy() for name in ("value", "low", "high"))
    places = np.arange(len(rows))
    reach = np.stack([value - low, high - value]).clip(0)
    panel.errorbar(value, places, xerr=reach, fmt="o", color=style.BLUE, markersize=4, capsize=2)
    panel.set_yticks(places, texts)
    panel.set_ylim(len(rows) - 0.5, -0.5)


def _draw_left(panel, rows):
    for (law, method), line in rows.groupby(["case", "quantity"], sort=False):
        (images, look), (name, colour) = LAWS[law], METHODS[method]
        look = dict(look, color=colour, markersize=4, linewidth=1.2, label=f"{name}, {images}")
        panel.errorbar(line["at"], line["value"], (line["high"] - line["low"]) / 2, **look)
    panel.axhline(0, color="black", linewidth=0.8)
    panel.set_xscale("log", base=2)
    panel.xaxis.set_major_formatter("{x:g}")
    panel.set_xlabel("images of a class per pixel")
    panel.set_ylabel("estimated less true accuracy")
    panel.set_title("(b) accuracy on Gaussian data from few images")
    panel.legend(loc="upper right", fontsize=8)


def _draw_outcomes(panel, rows):
    cases = list(rows["case"].unique())
    left = np.zeros(len(cases))
    for outcome, colour in zip(OUTCOMES.values(), SHADES, strict=True):
        chosen = rows[rows["quantity"] == outcome].set_index("case").loc[cases]
        width = 100 * chosen["value"].to_numpy()
        panel.barh(range(len(cases)), width, left=left, color=colour, label=outcome, height=0.6)
        left += width
    panel.set_yticks(range(len(cases)), [NAMES[case] for case in cases])
    panel.invert_yaxis()
    panel.set_xlim(0, 100)
    panel.set_xlabel("share of repetitions (%)")
    panel.set_title("(d) what the verdict says elsewhere")
    handles, labels = panel.get_legend_handles_labels()
    panel.figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8)

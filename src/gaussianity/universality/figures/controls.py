"""Figure "controls": the verdict where the truth is known, and what fitting a Gaussian does."""

import numpy as np
import pandas as pd

from gaussianity.drawing import style
from gaussianity.intervals import share_ends
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
BEYOND_ZERO = "interval without zero"
NOMINAL = 0.05  # false "not universal" at the margin, one side of a 90 % interval
SHOWN = 12  # intervals of each control


def table(verdicts, accuracies):
    """What the panels show.

    Args:    verdicts - DataFrame with control, margin, repetition, excess, low and high;
             accuracies - DataFrame with fit_size, data, and <estimator> and <estimator>_refit for
             each of ESTIMATORS.
    Returns: DataFrame with panel, case, quantity, at (number of fitted images, or of the
             repetition), value, low, high and count. Shares have binomial 95 % intervals (Clopper
             and Pearson), mean gaps one standard error, excesses their 90 % interval.
    """
    parts = [_shares(verdicts), _gaps(accuracies), _excesses(verdicts)]
    return pd.concat(parts, ignore_index=True)


def _shares(verdicts):
    rows = []
    for control, found in verdicts.groupby("control", sort=False):
        margin = found["margin"].to_numpy()
        inside = (found["low"] > -margin) & (found["high"] < margin)
        outside = (found["low"] > margin) | (found["high"] < -margin)
        beyond = (found["low"] > 0) | (found["high"] < 0)
        counted = {NOT_UNIVERSAL: outside, INCONCLUSIVE: ~(inside | outside), UNIVERSAL: inside}
        for quantity, chosen in {**counted, BEYOND_ZERO: beyond}.items():
            low, high = share_ends(chosen.sum(), len(found))
            row = dict(panel="verdicts", case=control, quantity=quantity, value=chosen.mean())
            rows.append(row | dict(low=low, high=high, count=len(found)))
    return pd.DataFrame(rows)


def _gaps(accuracies):
    rows = []
    for estimator in ESTIMATORS:
        first, second = accuracies[estimator], accuracies[f"{estimator}_refit"]
        differences = {"gap": first - accuracies["data"], "control": second - first}
        for quantity, difference in differences.items():
            for size, part in difference.groupby(accuracies["fit_size"]):
                mean, error = part.mean(), np.nan_to_num(part.sem())
                row = dict(panel="estimation", case=estimator, quantity=quantity, at=size)
                rows.append(
                    row | dict(value=mean, low=mean - error, high=mean + error, count=len(part))
                )
    return pd.DataFrame(rows)


def _excesses(verdicts):
    shown = verdicts[verdicts["repetition"] < SHOWN]
    return pd.DataFrame(
        dict(
            panel="excess",
            case=shown["control"],
            quantity="excess",
            at=shown["repetition"],
            value=shown["excess"],
            low=shown["low"],
            high=shown["high"],
            count=1,
        )
    )


def draw(summary, margin):
    """Shares of verdicts, the estimation gap against fitted images, some repetitions' intervals.

    Args:    summary - see `table`; margin - of the verdicts. Returns: Figure.
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

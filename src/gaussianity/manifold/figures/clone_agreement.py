"""Figure "clone_agreement": share of clones that separate at time t and end in one class or point.

It compares theory, the exact posterior and the reverse process, and shows two criteria of the
speciation time: 1/2 log Lambda of Biroli et al. (2024) and 1/2 log 2 Lambda of George et al.
(2025).
"""

import numpy as np

from gaussianity.drawing import style
from gaussianity.manifold.measured.agreement import CRITERIA, headline
from gaussianity.manifold.measured.cases import DEFLECTIONS
from gaussianity.manifold.theory.speciation import clone_agreement

CLASS, POINT = style.BLUE, style.VERMILION
LOOKS = {"spectral": ("--", style.GREEN), "potential": (":", style.PURPLE)}
COLUMNS = 3


def draw(summary):
    """A panel per case: agreement of clones against the time at which they separate.

    Args:    summary - see `agreement_table`. Returns: Figure.
    """
    panels = list(summary.groupby(["panel", "case"], sort=False))
    panels.sort(key=lambda entry: entry[0][0], reverse=True)  # speciation first
    with style.theme():
        figure, axes = style.panels(len(panels), COLUMNS, height=2.6)
        for panel, ((kind, _), shown) in zip(axes, panels, strict=True):
            _draw_theory(panel, shown)
            {"speciation": _draw_speciation, "cloning": _draw_cloning}[kind](panel, shown)
            panel.set_title(_title(shown.iloc[0]))
            panel.set_xlabel("$t$")
        for panel in axes[::COLUMNS]:
            panel.set_ylabel("clones that agree")
        style.shared_legend(figure, axes, columns=4, below=True)
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _title(row):
    return (
        rf"{row['activation']}, $d$ = {row['d']}, $\beta$ = {row['p'] / row['d']:.3g}, "
        rf"$|\tilde\mu|^2$ = {row['separation'] ** 2:.3g}"
    )


def _draw_theory(panel, shown):
    theory = shown[shown["of"] == "theory"]
    panel.plot(theory["time"], theory["value"], color="black", linewidth=1, label="theory")
    for name, (dash, colour) in LOOKS.items():
        time = theory[name].iloc[0]
        if not time > 0:  # also where it is NaN
            continue
        panel.axvline(time, color=colour, linestyle=dash, label=CRITERIA[name])
        level = float(clone_agreement(DEFLECTIONS[name]))
        panel.axhline(level, color=colour, linestyle=dash, linewidth=0.8)


def _draw_speciation(panel, shown):
    measured = shown[shown["of"] == "posterior"]
    look = dict(fmt="o", markersize=4, color=CLASS, label="same class, posterior")
    panel.errorbar(measured["time"], measured["value"], yerr=measured["error"], **look)
    first = measured.iloc[0]
    lines = [
        f"{label} = {first[name]:.3f}, {_said(first[f'crosses_{name}'])}"
        for name, label in CRITERIA.items()
    ]
    panel.set_ylim(0.45, 1.25)
    panel.set_yticks(np.arange(0.5, 1.01, 0.1))
    place = dict(transform=panel.transAxes, ha="right", va="top", fontsize=8)
    panel.text(0.98, 0.97, "\n".join(lines), bbox=dict(color="white", pad=1), **place)


def _said(time):
    return "not measured" if np.isnan(time) else f"measured {time:.3f}"


def _draw_cloning(panel, shown):
    for quantity, colour, marker, name in (
        ("class", CLASS, "s", "class"),
        ("point", POINT, "D", "training point"),
    ):
        chosen = shown[shown["quantity"] == quantity]
        curve, pairs = (chosen[chosen["of"] == of] for of in ("posterior", "clones"))
        label = None if quantity == "class" else f"same {name}, posterior"
        panel.plot(curve["time"], curve["value"], color=colour, label=label)
        look = dict(fmt=marker, markersize=5, markerfacecolor="white", color=colour, capsize=2)
        panel.errorbar(
            pairs["time"], pairs["value"], yerr=pairs["error"], label=f"same {name}, clones", **look
        )
    panel.set_ylim(-0.04, 1.04)

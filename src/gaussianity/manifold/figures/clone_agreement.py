"""Figure "clone_agreement": share of clones that separate at time t and end in one class or point.

It compares theory, the exact posterior and the reverse process, and shows two criteria of the
speciation time: 1/2 log Lambda of Biroli et al. (2024) and 1/2 log 2 Lambda of George et al.
(2025).
"""

import numpy as np
import pandas as pd

from gaussianity.drawing import style
from gaussianity.manifold.measured.cases import (
    CASE,
    DEFLECTIONS,
    case_distribution,
    measured_times,
    speciation_theory,
)
from gaussianity.manifold.theory.speciation import clone_agreement

CLASS, POINT = style.BLUE, style.VERMILION
CRITERIA = {
    "spectral": (r"$\frac{1}{2}\log\,\Lambda$", "--", style.GREEN),
    "potential": (r"$\frac{1}{2}\log\,2\Lambda$", ":", style.PURPLE),
}
# Columns of the posterior that predict the agreement of clones.
SHARED = {"class": "same_class", "point": "participation"}
COLUMNS = 3
THEORY_TIMES = 81


def table(speciations, curves, clones):
    """The values that the panels show.

    Args:    speciations - DataFrame of the tables of `measure_speciation`; clones, curves - of the
             two tables of `measure_clones`; all with the columns CASE.
    Returns: DataFrame, a row per panel, quantity and time: panel (speciation, cloning); CASE;
             quantity - class or point, in which clones agree; of - posterior, clones or theory,
             which is phi(D(t)); time, value, error (standard error); spectral and potential, the
             times of the criteria; crosses_spectral and crosses_potential, the times at which the
             measured curve has the criteria's agreement, and their standard errors.
    """
    measured = [_speciations(speciations), *(_posterior(curves, shared) for shared in SHARED)]
    theory = [_theory(measured[0]), _theory(measured[1])]
    pairs = [_pairs(clones, shared) for shared in SHARED]
    return pd.concat([*measured, *theory, *pairs], ignore_index=True)


def _speciations(speciations):
    found = (
        speciations.groupby([*CASE, "time"], sort=False)
        .agg(
            value=("same_class", "mean"),
            error=("same_class", "sem"),
            **{name: (name, "first") for name in CRITERIA},
        )
        .reset_index()
    )
    for name, deflection in DEFLECTIONS.items():
        level = float(clone_agreement(deflection))
        times = measured_times(speciations, "same_class", level).set_index("case")
        found[f"crosses_{name}"] = found["case"].map(times["time"])
        found[f"crosses_{name}_error"] = found["case"].map(times["error"])
    return found.assign(panel="speciation", quantity="class", of="posterior")


def _posterior(curves, shared):
    name = SHARED[shared]
    kept = curves[[*CASE, "time", *CRITERIA]]
    marks = dict(panel="cloning", quantity=shared, of="posterior")
    return kept.assign(**marks, value=curves[name], error=curves[f"{name}_error"])


def _theory(measured):
    """phi(D(t)) of each case at THEORY_TIMES times between the measured ones."""
    parts = []
    for _, of_case in measured.groupby("case", sort=False):
        case = of_case.iloc[0][[*CASE, "panel"]].to_dict()
        times = np.linspace(of_case["time"].min(), of_case["time"].max(), THEORY_TIMES)
        found = speciation_theory(case_distribution(case), times)
        value = found.pop("agreement")
        parts.append(pd.DataFrame(dict(**case, time=times, value=value, **found)))
    return pd.concat(parts, ignore_index=True).assign(quantity="class", of="theory")


def _pairs(clones, shared):
    marks = dict(panel="cloning", quantity=shared, of="clones")
    values = dict(value=clones[f"same_{shared}"], error=clones[f"same_{shared}_error"])
    return clones[[*CASE, "time"]].assign(**marks, **values)


def headline(summary):
    """Largest distance of the measured times from each criterion, in one sentence."""
    cases = summary[(summary["panel"] == "speciation") & (summary["of"] == "posterior")]
    cases = cases.groupby("case", sort=False).first()
    gaps = pd.DataFrame({name: (cases[f"crosses_{name}"] - cases[name]).abs() for name in CRITERIA})
    known = gaps.max().dropna()
    parts = [f"{gap:.3f} from {CRITERIA[name][0]}" for name, gap in known.items()]
    number = "1 case" if len(cases) == 1 else f"{len(cases)} cases"
    said = f"Measured speciation times of {number} are at most {', '.join(parts)}"
    if not parts:
        said = f"No speciation time is measured in {number}"
    missed = gaps.index[gaps.isna().any(axis=1)]
    if len(missed):
        said += f";\nnot measured, or not both, in {len(missed)}: {', '.join(missed)}"
    return said


def draw(summary):
    """A panel per case: agreement of clones against the time at which they separate.

    Args:    summary - see `table`. Returns: Figure.
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
    for name, (label, dash, colour) in CRITERIA.items():
        time = theory[name].iloc[0]
        if not time > 0:  # also where it is NaN
            continue
        panel.axvline(time, color=colour, linestyle=dash, label=label)
        level = float(clone_agreement(DEFLECTIONS[name]))
        panel.axhline(level, color=colour, linestyle=dash, linewidth=0.8)


def _draw_speciation(panel, shown):
    measured = shown[shown["of"] == "posterior"]
    look = dict(fmt="o", markersize=4, color=CLASS, label="same class, posterior")
    panel.errorbar(measured["time"], measured["value"], yerr=measured["error"], **look)
    first = measured.iloc[0]
    lines = [
        f"{label} = {first[name]:.3f}, {_said(first[f'crosses_{name}'])}"
        for name, (label, _, _) in CRITERIA.items()
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

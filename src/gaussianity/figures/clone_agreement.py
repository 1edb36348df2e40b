"""Figure "clone_agreement": do two clones that part at time t end in one class, or at one point?

Theory, the exact posterior and the reverse process itself, with the criteria of the speciation
time: 1/2 log Lambda of Biroli et al. (2024) and 1/2 log 2 Lambda of George et al. (2025).
"""

import pandas as pd

from gaussianity.figures import style
from gaussianity.speciation_theory import clone_agreement
from gaussianity.transitions import CASE, DEFLECTIONS, measured_times

CLASS, POINT, THEORY = "#0072B2", "#D55E00", "black"
CRITERIA = {
    "spectral": (r"$\frac{1}{2}\log\,\Lambda$", "--", "#009E73"),
    "potential": (r"$\frac{1}{2}\log\,2\Lambda$", ":", "#CC79A7"),
}
# Of the posterior's columns, what pairs of clones have in common.
SHARED = {"class": "same_class", "point": "participation"}
COLUMNS = 3


def table(speciations, curves, clones):
    """What the panels show.

    Args:    speciations - DataFrame of the tables of `transitions.speciation`; curves, clones - of
             the two tables of `transitions.cloning`; all with the columns `transitions.CASE`.
    Returns: DataFrame, a row per panel, quantity and time: panel (speciation, cloning); CASE;
             quantity - what is shared, class or point; of - posterior or clones; time, value,
             error (standard error); theory, phi(D(t)); spectral and potential, the criteria's
             times; crosses_spectral and crosses_potential, when the measured curve has the
             agreement of these, and their standard errors.
    """
    repeated = _speciations(speciations)
    parts = [_posterior(curves, shared) for shared in SHARED]
    pairs = [_pairs(clones, shared) for shared in SHARED]
    return pd.concat([repeated, *parts, *pairs], ignore_index=True)


def _speciations(speciations):
    found = (
        speciations.groupby([*CASE, "time"], sort=False)
        .agg(
            value=("same_class", "mean"),
            error=("same_class", "sem"),
            theory=("agreement", "first"),
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
    values = dict(value=curves[name], error=curves[f"{name}_error"])
    theory = {"theory": curves["agreement"]} if shared == "class" else {}
    return kept.assign(**marks, **values, **theory)


def _pairs(clones, shared):
    marks = dict(panel="cloning", quantity=shared, of="clones")
    values = dict(value=clones[f"same_{shared}"], error=clones[f"same_{shared}_error"])
    return clones[[*CASE, "time"]].assign(**marks, **values)


def draw(summary):
    """A panel per case: agreement against the time at which clones part.

    Args:    summary - see `table`. Returns: Figure.
    """
    panels = list(summary.groupby(["panel", "case"], sort=False))
    panels.sort(key=lambda entry: entry[0][0], reverse=True)  # speciation first
    with style.theme():
        figure, axes = style.panels(len(panels), COLUMNS, height=2.9, sharey=True)
        for panel, ((kind, _), shown) in zip(axes, panels, strict=True):
            {"speciation": _draw_speciation, "cloning": _draw_cloning}[kind](panel, shown)
            panel.set_title(_title(shown.iloc[0]))
            panel.set_xlabel("t")
        for panel in axes[::COLUMNS]:
            panel.set_ylabel("probability that clones agree")
        axes[0].set_ylim(-0.03, 1.03)
        style.shared_legend(figure, axes, columns=4)
    return figure


def _title(row):
    squared = row["separation"] ** 2
    return (
        rf"{row['activation']}, $d$ = {row['d']}, $\beta$ = {row['p'] / row['d']:.3g}, "
        rf"$|\tilde\mu|^2$ = {squared:.3g}"
    )


def _criteria(panel, row):
    for name, (label, dash, colour) in CRITERIA.items():
        panel.axvline(row[name], color=colour, linestyle=dash, label=label)
        level = float(clone_agreement(DEFLECTIONS[name]))
        panel.axhline(level, color=colour, linestyle=dash, linewidth=0.8)


def _theory(panel, shown):
    known = shown.dropna(subset="theory")
    panel.plot(known["time"], known["theory"], color=THEORY, linewidth=1, label=r"theory $\phi(D)$")


def _draw_speciation(panel, shown):
    _criteria(panel, shown.iloc[0])
    _theory(panel, shown)
    look = dict(fmt="o", markersize=4, color=CLASS, label="same class, posterior of training sets")
    panel.errorbar(shown["time"], shown["value"], yerr=shown["error"], **look)
    first = shown.iloc[0]
    lines = [
        f"{CRITERIA[name][0]} = {first[name]:.3f}, at {first[f'crosses_{name}']:.3f}"
        for name in CRITERIA
    ]
    panel.text(0.03, 0.05, "\n".join(lines), transform=panel.transAxes, fontsize=8)


def _draw_cloning(panel, shown):
    posterior = shown[shown["of"] == "posterior"]
    _criteria(panel, posterior.iloc[0])
    _theory(panel, posterior)
    for quantity, colour, marker in (("class", CLASS, "s"), ("point", POINT, "D")):
        curve = posterior[posterior["quantity"] == quantity]
        label = "same training point, posterior" if quantity == "point" else None
        panel.plot(curve["time"], curve["value"], color=colour, label=label)
        pairs = shown[(shown["of"] == "clones") & (shown["quantity"] == quantity)]
        name = "class" if quantity == "class" else "training point"
        look = dict(fmt=marker, markersize=5, markerfacecolor="white", color=colour, capsize=2)
        panel.errorbar(
            pairs["time"], pairs["value"], yerr=pairs["error"], label=f"same {name}, clones", **look
        )

"""Agreement of clones: theory, exact posterior and reverse process, with two speciation criteria.

Criteria: 1/2 log Lambda of Biroli et al. (2024), and 1/2 log 2 Lambda of George et al. (2025).
"""

import numpy as np
import pandas as pd

from gaussianity.manifold.measured.cases import (
    CASE,
    DEFLECTIONS,
    case_distribution,
    measured_times,
    speciation_theory,
)
from gaussianity.manifold.theory.speciation import clone_agreement

CRITERIA = {
    "spectral": r"$\frac{1}{2}\log\,\Lambda$",
    "potential": r"$\frac{1}{2}\log\,2\Lambda$",
}
# Columns of the posterior that predict the agreement of clones.
SHARED = {"class": "same_class", "point": "participation"}
THEORY_TIMES = 81


def agreement_table(speciations, curves, clones):
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
    parts = [f"{gap:.3f} from {CRITERIA[name]}" for name, gap in known.items()]
    number = "1 case" if len(cases) == 1 else f"{len(cases)} cases"
    said = f"Measured speciation times of {number} are at most {', '.join(parts)}"
    if not parts:
        said = f"No speciation time is measured in {number}"
    missed = gaps.index[gaps.isna().any(axis=1)]
    if len(missed):
        said += f";\nnot measured, or not both, in {len(missed)}: {', '.join(missed)}"
    return said

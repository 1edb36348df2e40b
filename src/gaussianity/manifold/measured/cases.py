"""Speciation and collapse of data on a manifold, measured on training sets, with their theory.

A case is a dict of CASE: a name, the arguments of a distribution, and n, the size of a training
set. Each repetition draws a manifold and a training set of its own. The time of a transition is
where the mean of a statistic crosses a level. The collapse has the levels E w_true = 1/2 and
E sum w^2 = 1/2. The speciation has two agreements of clones as levels, 0.775 and 0.675.
"""

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gaussianity.errors import InputError
from gaussianity.io.columns import concatenated
from gaussianity.io.files import require_finite, write_table
from gaussianity.manifold.measured.clones import training_set_clones
from gaussianity.manifold.measured.weight_curves import (
    STATISTICS,
    crossing,
    pilot_time,
    training_set,
    weight_curves,
)
from gaussianity.manifold.theory.activations import ACTIVATIONS, activation
from gaussianity.manifold.theory.collapse import finite_times, rate, times_of
from gaussianity.manifold.theory.distribution import ManifoldDistribution
from gaussianity.manifold.theory.speciation import (
    clone_agreement,
    equivalent_deflection,
    speciation_times,
)
from gaussianity.streams import stream

CASE = ("case", "activation", "d", "p", "n", "separation", "kappa", "isometric")
# Deflections at the paper's two criteria, 1/2 log Lambda and 1/2 log 2 Lambda.
DEFLECTIONS = {"spectral": 1.0, "potential": 0.5}


@dataclass(frozen=True)
class Design:
    """How a case is measured: training sets, noised points of each, times, and the study's seed."""

    seeds: int
    points: int
    times: int
    study_seed: int


def case_distribution(case):
    """ManifoldDistribution of a case.

    Args:    case - a dict with activation (a name), d, p, separation, kappa and isometric.
    Raises:  InputError - the parameters do not define a distribution.
    """
    arguments = {name: case[name] for name in CASE[2:] if name != "n"}
    try:
        return ManifoldDistribution(activation=activation(case["activation"]), **arguments)
    except ValueError as error:
        raise InputError(f"{case['case']}: {error}") from None


def case_columns(case):
    """The columns CASE for every row of a case's table; isometric as 0 or 1."""
    return {name: case[name] for name in CASE} | dict(isometric=int(case["isometric"]))


def write_case(path, case, columns):
    """Write the table of `measure_speciation` or `measure_collapse` with the columns CASE.

    Raises:  InputError - a statistic is not finite.
    """
    for name in ("time", *STATISTICS):
        require_finite(path, name, columns[name])
    write_table(path, columns, **case_columns(case))


def case_stream(transition, case, study_seed, seed):
    """NumPy generator of a case's repetition; it does not depend on the other cases."""
    return stream(study_seed, "transition", zlib.crc32(f"{transition} {case}".encode()), seed)


def measure_speciation(case, design):
    """Agreement of clones of a case at times around the speciation.

    Args:    case - a dict, see `case_distribution`; design - Design.
    Returns: dict of columns, a row per repetition and time: seed; those of `weight_curves`;
             agreement, the theory's phi(D(t)); spectral and potential, the times of the two
             criteria.
    Raises:  InputError - the classes coincide or nearly coincide, so that clones agree in the
             training point and not in the class.
    """
    distribution = case_distribution(case)
    if np.isnan(speciation_times(distribution)["potential"]):
        raise InputError(
            f"expected an activation that tells the classes of {case['case']} apart, "
            f"found {case['activation']} at the separation {case['separation']:g}; take one that "
            "is not even, or a larger separation"
        )
    middle = float(clone_agreement(DEFLECTIONS["potential"]))
    columns = _measured("speciation", case, design, ("same_class", middle, _around_speciation))
    return columns | speciation_theory(distribution, columns["time"])


def speciation_theory(distribution, times):
    """Speciation of a distribution in theory: columns agreement, spectral and potential.

    The times spectral and potential are NaN where there is no speciation.
    """
    known = speciation_times(distribution)
    criteria = {name: np.full(len(times), known[name]) for name in DEFLECTIONS}
    return dict(agreement=clone_agreement(equivalent_deflection(times, distribution)), **criteria)


def measure_collapse(case, design):
    """Weights of training points of a case at times around the collapse.

    Returns: dict of columns, a row per repetition and time: seed; those of `weight_curves`; theory
             and theory_half, t_C for n and for n / 2 training points, NaN where there is no
             formula.
    Raises:  InputError - the first training set does not collapse at any time of the pilot.
    """
    columns = _measured("collapse", case, design, ("true", 0.5, _around_collapse))
    band = theory_band(case_distribution(case), case["n"])
    return columns | {
        name: np.full(len(columns["time"]), time)
        for name, time in zip(("theory", "theory_half"), band, strict=True)
    }


def theory_band(distribution, n):
    """t_C of n and of n / 2 training points, (2,), see `theory.collapse.finite_times`.

    Both are NaN where there is no formula.
    """
    if distribution.isometric and distribution.activation is not ACTIVATIONS["linear"]:
        return np.full(2, np.nan)
    chosen_at = speciation_times(distribution)["spectral"]
    return np.array(
        finite_times(times_of(distribution), rate(n, distribution.d), distribution.d, chosen_at)
    )


def measure_clones(case, design, *, pairs, steps, span):
    """Clones of a case at its forks, and the curves that theory expects for them.

    Args:    case - as in `case_distribution`, with the key forks, times; design - Design: its
             points and times are those of the curves on the first training set; pairs, steps, span
             - see `training_set_clones`.
    Returns: columns of `training_set_clones`, and those of `weight_curves` with the theory as in
             `measure_speciation`.
    Raises:  InputError - a fork is not between the first and the last time.
    """
    distribution, forks = case_distribution(case), np.array(case["forks"])
    if not (span[1] < forks.min() and forks.max() < span[0]):
        raise InputError(
            f"expected forks of {case['case']} between {span[1]} and {span[0]}, "
            f"found {forks.min()} to {forks.max()}"
        )
    generator = case_stream("cloning", case["case"], design.study_seed, 0)
    rows, labels = training_set(distribution, case["n"], generator)
    run = dict(pairs=pairs, steps=steps, span=span, generator=generator)
    clones = training_set_clones(rows, labels, forks, **run)
    times = np.linspace(0.6 * forks.min(), 1.1 * forks.max(), design.times)
    expected = weight_curves(rows, labels, times, points=design.points, generator=generator)
    return clones, expected | speciation_theory(distribution, times)


def _around_collapse(time, count):
    return time * np.linspace(0.6, 1.5, count)


def _around_speciation(time, count):
    return np.linspace(max(0.05, time - 2.0), time + 1.2, count)


def _measured(transition, case, design, around):
    """Columns of a case's repetitions, at times around a crossing in the first repetition.

    Args:    around - (statistic, level, function of a time and a count that returns times).
    Raises:  InputError - there is no crossing.
    """
    distribution, parts, times = case_distribution(case), [], None
    name, level, laid = around
    for seed in range(design.seeds):
        generator = case_stream(transition, case["case"], design.study_seed, seed)
        rows, labels = training_set(distribution, case["n"], generator)
        if times is None:
            time = pilot_time(rows, labels, name, level, generator)
            if np.isnan(time):
                raise InputError(
                    f"expected a case with a {transition}, found none in "
                    f"{case['case']}: {name} never crosses {level:.3g}"
                )
            times = laid(time, design.times)
        part = weight_curves(rows, labels, times, points=design.points, generator=generator)
        parts.append(dict(seed=np.full(len(times), seed), **part))
    return concatenated(parts)


def measured_times(frame, name, level):
    """Mean time at which a statistic crosses a level, with its error over repetitions, per case.

    Args:    frame - DataFrame of cases' tables, with the columns CASE; name - of the statistic;
             level - see `crossing`.
    Returns: DataFrame with CASE, time, error (NaN for a single repetition) and seeds; a row per
             case.
    """
    rows = []
    for case, of_case in frame.groupby(list(CASE), sort=False):
        each = [crossing(one["time"], one[name], level) for _, one in of_case.groupby("seed")]
        error = np.std(each, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else np.nan
        rows.append((*case, np.mean(each), error, len(each)))
    return pd.DataFrame(rows, columns=[*CASE, "time", "error", "seeds"])


def transition_times(speciations, collapses):
    """All measured times of all cases, with the theory's times.

    Args:    speciations, collapses - DataFrames of the tables of `measure_speciation` and
             `measure_collapse`.
    Returns: DataFrame of `measured_times` with transition (speciation, collapse), criterion
             (spectral, potential; true, participation), level, theory and theory_half. For a
             speciation, theory_half is theory.
    """
    parts = []
    for criterion, deflection in DEFLECTIONS.items():
        level = float(clone_agreement(deflection))
        found = measured_times(speciations, "same_class", level)
        known = speciations.groupby("case", sort=False)[criterion].first()
        theory = found["case"].map(known)
        marks = dict(transition="speciation", criterion=criterion, level=level)
        parts.append(found.assign(**marks, theory=theory, theory_half=theory))
    known = collapses.groupby("case", sort=False)[["theory", "theory_half"]].first()
    for criterion in ("true", "participation"):
        found = measured_times(collapses, criterion, 0.5)
        band = {name: found["case"].map(known[name]) for name in known}
        marks = dict(transition="collapse", criterion=criterion, level=0.5)
        parts.append(found.assign(**marks, **band))
    return pd.concat(parts, ignore_index=True)

"""Measured times of speciation and collapse agree with the theory."""

import importlib
import warnings

import numpy as np
import pandas as pd
import pytest

from gaussianity.errors import InputError
from gaussianity.manifold.measured import cases
from gaussianity.manifold.measured.cases import (
    CASE,
    STATISTICS,
    Design,
    case_columns,
    case_distribution,
    case_stream,
    measure_clones,
    measure_collapse,
    measure_speciation,
    measured_times,
    speciation_theory,
    theory_band,
    transition_times,
    write_case,
)
from gaussianity.manifold.theory.collapse import collapse_time

SPECIATION = Design(seeds=10, points=500, times=13, study_seed=0)
COLLAPSE = Design(seeds=3, points=1500, times=11, study_seed=0)


def case(activation, d, p, n, squared=0.0, *, kappa=1.0, isometric=False):
    """A case; `squared` is the squared separation."""
    values = ("test", activation, d, p, n, np.sqrt(squared), kappa, isometric)
    return dict(zip(CASE, values, strict=True))


def frame(columns, given):
    return pd.DataFrame(columns).assign(**case_columns(given))


def check_speciation(given, design):
    """|t_S - theory| <= 0.06 for the paper's criterion."""
    found = frame(measure_speciation(given, design), given)
    time = measured_times(found, "same_class", 0.6751)["time"].item()
    assert abs(time - found["potential"].iloc[0]) <= 0.06


def check_collapse(given, design):
    """t_C in [0.98 t_C(n), 1.02 t_C(n / 2)], by both statistics."""
    found = frame(measure_collapse(given, design), given)
    for statistic in ("true", "participation"):
        time = measured_times(found, statistic, 0.5)["time"].item()
        assert 0.98 * found["theory"].iloc[0] <= time <= 1.02 * found["theory_half"].iloc[0]


def test_speciation_of_a_linear_manifold():
    given = case("linear", 256, 64, 1000, 1.0, kappa=0.25, isometric=True)
    check_speciation(given, Design(seeds=2, points=400, times=9, study_seed=0))


def test_collapse_of_a_linear_manifold():
    given = case("linear", 64, 32, 1500, kappa=0.5, isometric=True)
    check_collapse(given, Design(seeds=2, points=400, times=7, study_seed=0))


@pytest.mark.slow  # seconds each
@pytest.mark.parametrize(
    "given",
    [
        case("linear", 256, 128, 4000, 1.0, kappa=0.5, isometric=True),
        case("linear", 1024, 256, 4000, 1.0, kappa=0.25, isometric=True),
        case("tanh2x", 256, 128, 4000, 1.0, kappa=0.5),
        case("tanh2x", 256, 128, 4000, 0.25, kappa=0.5),
        case("sign", 256, 64, 4000, 0.5, kappa=0.25),
        case("cubic", 256, 128, 4000, 0.25, kappa=0.5),
        case("relu", 256, 128, 4000, 1.0, kappa=0.5),
    ],
)
def test_speciation_agrees_with_theory(given):
    check_speciation(given, SPECIATION)


@pytest.mark.slow  # up to ten seconds each
@pytest.mark.parametrize(
    "given",
    [
        case("linear", 32, 32, 10_000, isometric=True),  # isotropic Gaussian
        case("linear", 128, 16, 10_000, kappa=0.125, isometric=True),
        case("linear", 128, 32, 10_000, kappa=0.25, isometric=True),
        case("linear", 256, 64, 10_000, kappa=0.25, isometric=True),
        case("linear", 256, 128, 20_000, kappa=0.5, isometric=True),
        case("linear", 256, 64, 20_000),
        case("tanh2x", 256, 64, 20_000),
        case("tanh2x", 256, 64, 20_000, 1.0),
        case("relu", 256, 64, 20_000),
        case("square", 256, 64, 20_000),
        case("sign", 256, 64, 20_000),
        case("cubic", 256, 64, 20_000),
        case("tanh2x", 256, 128, 20_000),
    ],
)
def test_collapse_agrees_with_theory(given):
    check_collapse(given, COLLAPSE)


def test_band_of_finite_training_sets():
    """1/2 log(1 + 1 / (n^(2 / p) - 1)), for n of one class where the class is chosen before."""

    def formula(n):
        return 0.5 * np.log1p(1 / (np.array(n) ** (2 / 32) - 1))

    given = case("linear", 64, 32, 3000, kappa=0.5, isometric=True)
    np.testing.assert_allclose(theory_band(case_distribution(given), 3000), formula([3000, 1500]))
    apart = case_distribution(given | dict(separation=1.0))
    np.testing.assert_allclose(theory_band(apart, 3000), formula([1500, 750]))
    near = case_distribution(given | dict(separation=0.05))
    np.testing.assert_allclose(theory_band(near, 3000), formula([3000, 1500]))
    coinciding = case_distribution(case("square", 64, 32, 3000, 9.0))
    np.testing.assert_array_equal(
        theory_band(coinciding, 3000), collapse_time(coinciding, np.array([3000, 1500]))
    )
    other = case_distribution(given | dict(activation="tanh"))
    np.testing.assert_array_equal(theory_band(other, 3000), [np.nan, np.nan])


def test_repetitions_do_not_depend_on_how_many_there_are():
    given = case("tanh", 12, 6, 60, 1.0)
    few, many = (
        measure_speciation(given, Design(seeds=seeds, points=20, times=3, study_seed=4))
        for seeds in (1, 3)
    )
    for name, column in few.items():
        np.testing.assert_allclose(column, many[name][:3], rtol=1e-12)
    assert many["seed"].tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert len(set(many["true"])) == 9


def test_streams_are_those_of_the_transition_case_and_repetition():
    names = [("collapse", "a", 0), ("collapse", "a", 1), ("collapse", "b", 0), ("cloning", "a", 0)]
    draws = {case_stream(t, c, 0, seed).random() for t, c, seed in names}
    assert len(draws) == 4


def test_clones_and_the_curve_that_they_lie_on():
    given = case("linear", 12, 6, 40, 1.0, kappa=0.5, isometric=True) | dict(forks=[0.3, 1.0])
    design = Design(seeds=1, points=30, times=5, study_seed=0)
    clones, curve = measure_clones(given, design, pairs=10, steps=12, span=(4.0, 0.02))
    assert clones["time"].tolist() == [1.0, 0.3]
    np.testing.assert_allclose(curve["time"], np.linspace(0.18, 1.1, 5))
    assert {"same_class", "participation", "agreement", "potential"} <= set(curve)
    # t_S = 1/2 log 2 Lambda with Lambda = |F mu|^2 = 6.
    np.testing.assert_allclose(curve["potential"], np.log(12) / 2, rtol=1e-6)
    with pytest.raises(InputError, match=r"forks of test between 0.5 and 4.0, found 0.3 to 1.0"):
        measure_clones(given, design, pairs=10, steps=12, span=(4.0, 0.5))


@pytest.mark.parametrize(
    "given", [case("square", 32, 16, 40, 1.0), case("linear", 32, 16, 40, 0.0, isometric=True)]
)
def test_classes_that_coincide_have_no_criteria(given):
    """Under an even activation both classes give the same data: clones agree by chance."""
    found = speciation_theory(case_distribution(given), np.array([0.1, 1.0]))
    np.testing.assert_allclose(found["agreement"], 0.5, atol=1e-12)
    assert np.isnan([found["spectral"], found["potential"]]).all()


def test_times_with_their_errors_and_the_theory_beside():
    """Curves 1 - t / 2 and 1 - t / 4: they cross 0.5 at 1 and 2, the classes' levels earlier."""
    times = np.linspace(0, 4, 9)
    repeated = dict(time=np.tile(times, 2), seed=np.repeat([0, 1], 9))
    values = np.concatenate([1 - times / 2, 1 - times / 4])
    given = case("linear", 8, 4, 10, 1.0)
    theory = dict(spectral=0.7, potential=1.0, theory=1.1, theory_half=1.2)
    columns = repeated | dict(same_class=values, true=values, participation=values) | theory
    found = transition_times(frame(columns, given), frame(columns, given)).set_index("criterion")
    assert found.loc["true", ["time", "error", "seeds"]].tolist() == pytest.approx([1.5, 0.5, 2])
    assert found.loc["true", ["theory", "theory_half"]].tolist() == [1.1, 1.2]
    # 0.6751 is crossed at 0.65 and 1.30.
    assert found.loc["potential", "time"] == pytest.approx(3 * 0.3249, abs=1e-3)
    assert found.loc["potential", ["theory", "theory_half"]].tolist() == [1.0, 1.0]
    assert found["transition"].tolist() == ["speciation"] * 2 + ["collapse"] * 2
    assert found["level"].tolist() == pytest.approx([0.7752, 0.6751, 0.5, 0.5], abs=1e-4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no deviation of one number is computed
        alone = measured_times(frame(columns, given).query("seed == 0"), "true", 0.5)
    assert np.isnan(alone["error"].item())


@pytest.mark.parametrize(
    ("transition", "given", "message"),
    [
        (measure_speciation, case("tanh", 12, 6, 60), "found tanh at the separation 0;"),
        (
            measure_speciation,
            case("square", 32, 16, 60, 1.0),
            "activation that tells the classes of test apart, found square at the separation 1;",
        ),
        (measure_collapse, case("tanh", 12, 6, 1), "true never crosses 0.5"),
        (
            measure_collapse,
            case("linear", 6, 12, 60, isometric=True),
            "test: .* needs p <= d",
        ),
        (measure_collapse, case("sine", 12, 6, 60), "expected one of linear, .* found 'sine'"),
    ],
)
def test_cases_that_cannot_be_measured(transition, given, message):
    with pytest.raises(InputError, match=message):
        transition(given, Design(seeds=1, points=20, times=3, study_seed=0))


def test_curves_are_written_with_the_columns_of_their_case_and_only_if_finite(tmp_path):
    given = case("tanh", 8, 4, 10, 1.0, isometric=True)
    columns = {name: np.array([0.25, 0.75]) for name in ("time", *STATISTICS)}
    write_case(tmp_path / "whole.parquet", given, columns)
    found = pd.read_parquet(tmp_path / "whole.parquet")
    assert found["true"].tolist() == [0.25, 0.75]
    assert found["case"].tolist() == ["test", "test"]
    assert found["isometric"].tolist() == [1, 1]
    for name in ("time", *STATISTICS):
        broken = columns | {name: np.array([0.25, np.nan])}
        with pytest.raises(InputError, match=f"{name} must be finite, found nan"):
            write_case(tmp_path / "broken.parquet", given, broken)
    assert not (tmp_path / "broken.parquet").exists()


@pytest.mark.parametrize("transition", ["speciation", "collapse", "cloning"])
def test_the_job_names_the_section_of_a_case_that_cannot_be(transition):
    """A linear map of 4 dimensions into 2 is not isometric."""
    given = case("linear", 2, 4, 8, 1.0, isometric=True)
    arguments = dict(case=given, design=dict(points=4, times=2), study_seed=0)
    if transition == "cloning":
        run = dict(forks=[0.5], pairs=2, steps=2, span=(5.0, 0.01))
        arguments |= dict(run, clones_path="absent", curve_path="absent")
    else:
        arguments = dict(arguments, table_path="absent")
        arguments["design"] |= dict(seeds=1)
    with pytest.raises(InputError, match=rf"^manifold\.{transition}: test: "):
        importlib.import_module(transition).main(**arguments)


@pytest.mark.parametrize("around", [cases._around_speciation, cases._around_collapse])
@pytest.mark.parametrize("time", [0.1, 0.9, 3.0])
def test_times_lie_on_both_sides_of_the_pilots(around, time):
    times = around(time, 9)
    assert len(times) == 9
    assert 0 < times[0] < time < times[-1]
    np.testing.assert_allclose(np.diff(times), times[1] - times[0])

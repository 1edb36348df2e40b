"""The table of the figure of clones: means, errors, theory and clones of each case."""

import numpy as np
import pandas as pd
import pytest

from gaussianity.drawing import style
from gaussianity.manifold.figures import clone_agreement
from gaussianity.manifold.measured.cases import CASE
from gaussianity.manifold.theory.speciation import clone_agreement as phi


@pytest.fixture(scope="module")
def summary():
    case = dict(zip(CASE, ("one", "linear", 8, 4, 10, 1.0, 0.5, True), strict=True))
    times = np.linspace(0.1, 3, 7)
    # |F mu|^2 = 4 = Lambda: D = 4 e^-2t / (e^-2t + 1 - e^-2t).
    exact = phi(4 * np.exp(-2 * times))
    theory = dict(spectral=np.log(4) / 2, potential=np.log(8) / 2)
    speciations = pd.concat(
        pd.DataFrame(dict(case, seed=seed, time=times, same_class=exact + shift, **theory))
        for seed, shift in ((0, -0.01), (1, 0.01))
    )
    curve = dict(same_class=exact, participation=exact**2, same_class_error=0.01)
    curves = pd.DataFrame(case | dict(time=times, participation_error=0.02, **curve, **theory))
    pairs = dict(same_class=[0.6, 0.9], same_class_error=0.02, same_point=0.1, same_point_error=0.3)
    clones = pd.DataFrame(case | dict(time=[2.0, 0.5], **pairs))
    return clone_agreement.table(speciations, curves, clones)


def chosen(summary, **values):
    for name, value in values.items():
        summary = summary[summary[name] == value]
    return summary


def test_mean_and_error_over_training_sets(summary):
    found = chosen(summary, panel="speciation", of="posterior")
    np.testing.assert_allclose(found["value"], phi(4 * np.exp(-2 * found["time"])))
    np.testing.assert_allclose(found["error"], 0.01)
    np.testing.assert_allclose(found["crosses_spectral"], np.log(4) / 2, atol=0.01)
    np.testing.assert_allclose(found["crosses_potential"], np.log(8) / 2, atol=0.01)


@pytest.mark.parametrize("panel", ["speciation", "cloning"])
def test_theory_between_the_measured_times(summary, panel):
    found = chosen(summary, panel=panel, of="theory")
    np.testing.assert_allclose(found["value"], phi(4 * np.exp(-2 * found["time"])), rtol=1e-6)
    assert len(found) == clone_agreement.THEORY_TIMES


def test_clones_and_the_posterior_of_their_training_set(summary):
    points = chosen(summary, panel="cloning", quantity="point")
    assert chosen(points, of="clones")["value"].tolist() == [0.1, 0.1]
    assert chosen(points, of="clones")["error"].tolist() == [0.3, 0.3]
    classes = chosen(summary, panel="cloning", quantity="class")
    assert chosen(classes, of="clones")["value"].tolist() == [0.6, 0.9]
    np.testing.assert_allclose(
        chosen(points, of="posterior")["value"], chosen(classes, of="posterior")["value"] ** 2
    )


def test_headline_has_the_largest_gap_of_each_criterion(summary):
    """The second case is 0.2 late by the spectral criterion and 0.1 early by the other."""
    late = summary.assign(
        case="two",
        crosses_spectral=summary["spectral"] + 0.2,
        crosses_potential=summary["potential"] - 0.1,
    )
    found = clone_agreement.headline(pd.concat([summary, late]))
    assert found.startswith("Measured speciation times of 2 cases are at most 0.200 from")
    assert ", 0.100 from" in found


def test_headline_names_cases_without_a_measured_time(summary):
    """One case lacks the spectral time, one lacks both; the first's other time is in the gap."""
    half = summary.assign(
        case="half",
        crosses_spectral=np.where(summary["of"] == "posterior", np.nan, summary["spectral"]),
        crosses_potential=summary["potential"] - 0.1,
    )
    none = half.assign(case="none", crosses_potential=np.nan)
    found = clone_agreement.headline(pd.concat([summary, half, none]))
    assert "times of 3 cases are at most 0.00" in found
    assert ", 0.100 from" in found
    assert found.endswith("\nnot measured, or not both, in 2: half, none")
    assert clone_agreement.headline(none).startswith("No speciation time is measured in 1 case;")
    figure = clone_agreement.draw(half)
    assert ", not measured" in figure.axes[0].texts[0].get_text()
    style.plt.close(figure)


def test_lines_only_of_criteria_that_are_times(summary):
    """One class has no criterion; classes that hardly differ have a negative 1/2 log Lambda."""
    none = summary.assign(spectral=-36.7, potential=np.nan)
    for shown, count in ((summary, 2), (none, 0)):
        figure = clone_agreement.draw(chosen(shown, panel="cloning"))
        dashed = [line for line in figure.axes[0].lines if line.get_linestyle() in ("--", ":")]
        assert len(dashed) == 2 * count
        low, high = figure.axes[0].get_xlim()
        assert -0.5 < low < high < 4
        style.plt.close(figure)


def test_a_panel_for_each_case_of_both_kinds(summary):
    figure = clone_agreement.draw(summary)
    titles = [panel.get_title() for panel in figure.axes]
    assert len(titles) == 2
    assert all("linear, $d$ = 8" in title for title in titles)
    assert "measured" in figure.axes[0].texts[0].get_text()
    style.plt.close(figure)

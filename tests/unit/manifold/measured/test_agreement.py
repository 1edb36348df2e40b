"""Means, errors, theory and headline of clones."""

import numpy as np
import pandas as pd
import pytest
from agreement_cases import chosen

from gaussianity.manifold.measured import agreement
from gaussianity.manifold.theory.speciation import clone_agreement as phi


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
    assert len(found) == agreement.THEORY_TIMES


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
    found = agreement.headline(pd.concat([summary, late]))
    assert found.startswith("Measured speciation times of 2 cases are at most 0.200 from")
    assert ", 0.100 from" in found


def test_headline_counts_the_cases_with_measured_speciation(summary):
    theory = chosen(summary, of="theory").assign(case="theory alone")
    cloning = chosen(summary, panel="cloning", of="posterior").assign(case="clones alone")
    found = agreement.headline(pd.concat([theory, cloning, summary]))
    assert found == agreement.headline(summary)


def test_the_headline_counts_one_case_and_several(summary):
    assert "times of 1 case are at most" in agreement.headline(summary)
    unmeasured = summary.assign(crosses_spectral=np.nan, crosses_potential=np.nan)
    said = agreement.headline(unmeasured)
    assert said.startswith("No speciation time is measured in 1 case;\nnot measured, or not both")

"""Means, times and the band of a collapse by hand."""

import numpy as np
import pandas as pd
import pytest
from manifold_cases import collapsing

from gaussianity.manifold.measured import collapse_times


def test_means_over_training_sets_at_times_relative_to_theory():
    found = collapse_times.collapse_table(collapsing("one", 1.0, 1.1))
    true = found[found["quantity"] == "true"]
    np.testing.assert_allclose(true["relative"], np.linspace(0, 2, 9))
    np.testing.assert_allclose(true["value"].iloc[-1], (1 - 2 / 2.2) / 2)
    np.testing.assert_allclose(true["error"].iloc[-1], (1 - 2 / 2.2) / 2)
    share = found[found["quantity"] == "entropy_share"]
    np.testing.assert_allclose(share["value"], np.linspace(0, 2, 9) / np.log(100))
    time = found[found["quantity"] == "t_C participation"].iloc[0]
    assert (time["value"], time["error"]) == pytest.approx((1.05, 0.05))


@pytest.mark.parametrize(
    ("band", "beyond"),
    [((1.0, 1.1), []), ((1.07, 1.2), []), ((1.08, 1.2), ["one"]), ((0.9, 1.0), ["one"])],
)
def test_which_cases_are_outside_the_band(band, beyond):
    found = collapse_times.collapse_table(collapsing("one", *band))
    assert collapse_times.outside(found) == (beyond, [], 1)


def test_measured_times_are_relative_to_theory():
    found = collapse_times.collapse_table(collapsing("one", 0.5, 0.6)).set_index("quantity")
    time = found.loc["t_C true"]
    assert (time["time"], time["relative"]) == pytest.approx((1.05, 1.05 / 0.5))
    assert (time["theory"], time["theory_half"]) == (0.5, 0.6)


def test_the_headline_names_cases_outside_and_cases_without_a_time():
    inside, outside = collapsing("in", 1.0, 1.1), collapsing("out", 0.5, 0.6)
    late = collapsing("late", 1.0, 1.1)
    late["true"] = 0.9

    def said(*parts):
        return collapse_times.headline(collapse_times.collapse_table(pd.concat(parts)))

    within = "within 2 % of the band from $t_C(n)$ to $t_C(n/2)$"
    assert said(inside) == f"All 1 cases collapse {within}"
    assert said(inside, outside) == f"1 of 2 cases collapse {within}; not out"
    missing = "no time measured in 1: late"
    assert said(inside, late) == f"1 of 2 cases collapse {within}; {missing}"
    assert said(inside, late, outside) == f"1 of 3 cases collapse {within}; not out; {missing}"

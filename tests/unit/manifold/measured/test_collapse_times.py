"""Means, times and the band of a collapse by hand."""

import numpy as np
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

"""The table of the figure of the collapse, and the cases that its headline names."""

import numpy as np
import pandas as pd
import pytest

from gaussianity.drawing import style
from gaussianity.manifold.figures import collapse
from gaussianity.manifold.measured.cases import CASE


def frame(case, theory, theory_half, *, n=100):
    """Two training sets with weights that fall from 1 at 0 to 0 at 2 and 2.2: t_C = 1.05."""
    times = np.linspace(0, 2, 9)
    labels = dict(zip(CASE, (case, "tanh", 8, 4, n, 1.0, 0.5, False), strict=True))
    parts = []
    for seed, end in ((0, 2.0), (1, 2.2)):
        values = dict(true=1 - times / end, participation=1 - times / end, entropy=times)
        known = dict(theory=theory, theory_half=theory_half)
        parts.append(pd.DataFrame(labels | dict(seed=seed, time=times, **values, **known)))
    return pd.concat(parts)


def test_means_over_training_sets_at_times_relative_to_theory():
    found = collapse.table(frame("one", 1.0, 1.1))
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
    found = collapse.table(frame("one", *band))
    assert collapse.outside(found) == (beyond, [], 1)


def test_headline_and_names():
    cases = [frame("one", 1.0, 1.1), frame("two", 0.5, 0.6, n=2000), frame("three", np.nan, np.nan)]
    found = collapse.table(pd.concat(cases))
    assert collapse.outside(found) == (["two"], [], 2)
    assert collapse.headline(found).startswith("1 of 2 cases collapse")
    assert collapse.headline(found).endswith("not two")
    figure = collapse.draw(found)
    names = [text.get_text() for text in figure.axes[-1].texts]
    assert names[1] == r"tanh, d = 8, p = 4, n = 2,000, $|\tilde\mu|^2$ = 1"
    style.plt.close(figure)
    assert collapse.headline(collapse.table(cases[0])).startswith("All 1 cases")


def test_a_case_whose_time_is_not_measured_is_named_and_not_counted():
    """One of its two training sets does not cross 1/2 at the times measured."""
    late = frame("late", 1.0, 1.1)
    late.loc[late["seed"] == 0, ["true", "participation"]] = 0.9
    found = collapse.table(pd.concat([frame("one", 1.0, 1.1), late, frame("two", 0.5, 0.6)]))
    assert collapse.outside(found) == (["two"], ["late"], 3)
    said = collapse.headline(found)
    assert said.startswith("1 of 3 cases collapse")
    assert said.endswith("; not two; no time measured in 1: late")
    style.plt.close(collapse.draw(found))

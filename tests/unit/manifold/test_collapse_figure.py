"""Names and headline of the figure of the collapse."""

import numpy as np
import pandas as pd
import pytest
from manifold_cases import collapsing

from gaussianity.drawing import style
from gaussianity.manifold.figures import collapse
from gaussianity.manifold.measured import collapse_times


def test_headline_and_names():
    cases = [
        collapsing("one", 1.0, 1.1),
        collapsing("two", 0.5, 0.6, n=2000),
        collapsing("three", np.nan, np.nan),
    ]
    found = collapse_times.collapse_table(pd.concat(cases))
    assert collapse_times.outside(found) == (["two"], [], 2)
    assert collapse_times.headline(found).startswith("1 of 2 cases collapse")
    assert collapse_times.headline(found).endswith("not two")
    figure = collapse.draw(found)
    names = [text.get_text() for text in figure.axes[-1].texts]
    assert figure.axes[-1].get_ylim() == pytest.approx((-2.6, 0.6))  # cases are at 0, -1 and -2
    assert names[1] == r"tanh, d = 8, p = 4, n = 2,000, $\kappa = \beta$, $|\tilde\mu|^2$ = 1"
    style.plt.close(figure)
    assert collapse_times.headline(collapse_times.collapse_table(cases[0])).startswith(
        "All 1 cases"
    )


def test_a_case_whose_time_is_not_measured_is_named_and_not_counted():
    """One of its two training sets does not cross 1/2 at the times measured."""
    late = collapsing("late", 1.0, 1.1)
    late.loc[late["seed"] == 0, ["true", "participation"]] = 0.9
    found = collapse_times.collapse_table(
        pd.concat([collapsing("one", 1.0, 1.1), late, collapsing("two", 0.5, 0.6)])
    )
    assert collapse_times.outside(found) == (["two"], ["late"], 3)
    said = collapse_times.headline(found)
    assert said.startswith("1 of 3 cases collapse")
    assert said.endswith("; not two; no time measured in 1: late")
    style.plt.close(collapse.draw(found))


def test_each_panel_has_the_curve_of_its_quantity():
    found = collapse_times.collapse_table(collapsing("one", 1.0, 1.1))
    figure = collapse.draw(found)
    for panel, name in zip(figure.axes, collapse.CURVES, strict=False):
        curve = max(panel.lines, key=lambda line: len(line.get_xdata()))
        expected = found.loc[found["quantity"] == name, ["relative", "value"]]
        np.testing.assert_array_equal(curve.get_xydata(), expected)
    style.plt.close(figure)


def test_cases_with_one_colour_have_different_dashes():
    cases = [collapsing(f"case {i}", 1.0, 1.1) for i in range(collapse.HUES + 1)]
    figure = collapse.draw(collapse_times.collapse_table(pd.concat(cases)))
    first, *_, last = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 2]
    assert first.get_color() == last.get_color()
    assert first.get_linestyle() != last.get_linestyle()
    style.plt.close(figure)


@pytest.fixture(scope="module")
def drawn():
    """Two cases with t_C of 0.5 and 1, and with 0.6 and 1.1 for half of the training set."""
    cases = [collapsing("one", 0.5, 0.6), collapsing("two", 1.0, 1.1, n=2000)]
    figure = collapse.draw(collapse_times.collapse_table(pd.concat(cases)))
    style.plt.close(figure)
    return figure.axes


def test_the_band_of_the_curves_reaches_to_the_largest_ratio(drawn):
    for panel in drawn[:3]:
        band = panel.patches[0].get_extents().transformed(panel.transData.inverted())
        assert (band.x0, band.x1) == pytest.approx((1, 1.2))


def test_names_times_and_bands_of_a_case_have_one_height(drawn):
    panel = drawn[-1]
    assert [text.get_position()[1] for text in panel.texts] == [0, -1]
    for container in panel.containers:
        if hasattr(container, "lines"):  # measured 1.05
            found = container.lines[0].get_xydata()
            np.testing.assert_allclose(found, [[1.05 / 0.5, 0], [1.05, -1]])
        else:
            widths = [(bar.get_y() + bar.get_height() / 2, bar.get_width()) for bar in container]
            np.testing.assert_allclose(widths, [[0, 0.2], [-1, 0.1]], atol=1e-12)
    samples = [line for line in panel.lines if line.get_transform() != panel.transData]
    samples = [line.get_ydata() for line in samples if len(line.get_xdata()) == 2]
    assert [list(ends) for ends in samples if len(set(ends)) == 1][-2:] == [[0, 0], [-1, -1]]


def test_ticks_stand_where_times_are_and_not_below_the_names(drawn):
    panel = drawn[-1]
    low, high = panel.get_xlim()
    ticks = panel.get_xticks()
    assert len(ticks) > 2
    assert ticks.min() > low + collapse.NAMES / (1 + collapse.NAMES) * (high - low) - 1e-9
    assert ticks.max() <= high


def test_names_have_the_parameters_of_their_case():
    row = dict(activation="tanh", isometric=False, d=8, p=4, n=12000, kappa=1.0, separation=2.0)
    assert (
        collapse._name(row) == r"tanh, d = 8, p = 4, n = 12,000, $\kappa$ = 1, $|\tilde\mu|^2$ = 4"
    )
    row |= dict(activation="linear", isometric=True, separation=0.0, kappa=0.5)
    assert collapse._name(row) == "linear, isometric, d = 8, p = 4, n = 12,000, $\\kappa = \\beta$"

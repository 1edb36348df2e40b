"""The marks, intervals and bars of the figure of the controls."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from universality_figure_cases import control_tables

from gaussianity.universality.controls.control_summary import accepted, summary
from gaussianity.universality.figures import controls
from gaussianity.universality.verdict.equivalence import OUTCOMES


@pytest.fixture(scope="module")
def shown():
    table = summary(*control_tables(50))
    figure = controls.draw(table)
    yield {name: table[table["panel"] == name] for name in table["panel"].unique()}, figure.axes
    plt.close(figure)


def ends_of(container):
    """Both ends of each error bar: (bars, 2) along x, and along y."""
    segments = np.array(container[2][0].get_segments())
    return segments[..., 0], segments[..., 1]


@pytest.mark.parametrize(("name", "place"), [("coverage", 0), ("false", 2)])
def test_shares_are_percentages_with_their_intervals_from_top_to_bottom(shown, name, place):
    rows, panel = shown[0][name], shown[1][place]
    (marks,) = panel.containers
    np.testing.assert_allclose(marks[0].get_xdata(), 100 * rows["value"])
    np.testing.assert_allclose(marks[0].get_ydata(), np.arange(len(rows)))
    np.testing.assert_allclose(ends_of(marks)[0], 100 * rows[["low", "high"]])
    assert panel.get_ylim() == (len(rows) - 0.5, -0.5)
    dashed = [line.get_xdata()[0] for line in panel.lines if line.get_linestyle() == "--"]
    assert dashed == [90 if name == "coverage" else 5]


def test_coverage_that_is_accepted_is_grey(shown):
    (band,) = shown[1][0].patches
    assert band.get_x() == pytest.approx(100 * accepted(50) / 50)
    assert band.get_x() + band.get_width() == 100


def test_estimates_have_their_intervals(shown):
    rows, panel = shown[0]["estimation"], shown[1][1]
    lines = list(rows.groupby(["case", "quantity"], sort=False))
    for (_, line), marks in zip(lines, panel.containers, strict=True):
        np.testing.assert_allclose(marks[0].get_xdata().astype(float), line["at"])
        np.testing.assert_allclose(marks[0].get_ydata().astype(float), line["value"])
        low, high = ends_of(marks)[1].T
        np.testing.assert_allclose(high - low, line["high"] - line["low"])


def test_outcomes_of_a_case_add_up_to_all(shown):
    rows, panel = shown[0]["outcomes"], shown[1][3]
    cases = list(rows["case"].unique())
    assert [text.get_text() for text in panel.get_yticklabels()] == [
        controls.NAMES[c] for c in cases
    ]
    left = np.zeros(len(cases))
    for outcome, bars in zip(OUTCOMES.values(), panel.containers, strict=True):
        share = rows[rows["quantity"] == outcome].set_index("case").loc[cases, "value"]
        np.testing.assert_allclose([bar.get_width() for bar in bars], 100 * share)
        np.testing.assert_allclose([bar.get_x() for bar in bars], left)
        left += 100 * share.to_numpy()
    np.testing.assert_allclose(left, 100)

"""The table and the cells of the figure of the assumptions."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_cases import ALL, DATA
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from universality_figure_cases import draw_assumptions, measured_assumptions

from gaussianity.universality.figures import assumptions


def test_the_table_of_assumptions_has_all_subsets():
    found = assumptions.table(measured_assumptions(ALL, ["pair", "ten"]))
    assert len(found) == 2 * 4 * len(assumptions.QUANTITIES) * 5


def test_cells_of_the_assumptions_say_verdict_trend_and_what_is_wanted():
    figure = draw_assumptions(DATA)
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert texts.count("not decided\n−1.40 ± 0.20 (≤ −0.75)") == 2 * 9
    assert texts.count("fails\n0 at some size") == 2 * 2
    (panel,) = [panel for panel in figure.axes + figure.findobj(plt.Axes) if panel.texts][:1]
    middles = np.arange(len(assumptions.QUANTITIES)) + 0.5
    np.testing.assert_array_equal(panel.get_yticks(), middles)
    np.testing.assert_array_equal(panel.get_xticks(), [0.5, 1.5])
    places = [text.get_position() for text in panel.texts]
    assert places == [(x, y) for y in middles for x in (0.5, 1.5)]
    plt.close(figure)


def test_cells_of_the_assumptions_have_the_colour_of_their_verdict():
    figure = draw_assumptions(DATA)
    (cells,) = figure.findobj(QuadMesh)
    codes = cells.get_array().ravel()
    assert set(codes) == {1, 2}  # made-up tables have no verdict that holds
    expected = [to_rgba(list(assumptions.VERDICTS.values())[code]) for code in codes]
    np.testing.assert_allclose(cells.to_rgba(codes), expected, atol=1e-12)
    plt.close(figure)


@pytest.mark.parametrize(("holds_to", "sign"), [(-0.75, "≤"), (-1.0, "≤"), (-1.25, "≥")])
def test_the_limit_is_on_the_side_of_the_reference(holds_to, sign):
    cell = dict(trend=-1.4, low=-1.7, high=-1.3, theory=-1.0, verdict="fails", holds_to=holds_to)
    limit = f"{abs(holds_to):.2f}"
    assert assumptions._words(cell) == f"fails\n−1.40 ± 0.20 ({sign} −{limit})"


def test_every_panel_has_its_quantity_and_the_reference():
    """A value of 0 has no place on a logarithmic axis."""
    table = assumptions.table(measured_assumptions(DATA))
    table.loc[table["size"] == 768, "size_value"] = 0.0
    figure = assumptions.draw(table)
    titles = list(assumptions.QUANTITIES.values())
    panels = [panel for panel in figure.findobj(plt.Axes) if panel.get_title() in titles]
    for name, panel in zip(assumptions.QUANTITIES, panels, strict=True):
        for k, origin in enumerate(DATA):
            rows = table[(table["quantity"] == name) & (table["origin"] == origin)]
            reference, line = panel.lines[2 * k : 2 * k + 2]
            np.testing.assert_allclose(reference.get_ydata(), rows["reference"])
            np.testing.assert_allclose(line.get_ydata(), rows["size_value"][1:])
            np.testing.assert_allclose(line.get_xdata(), rows["size"][1:])
            assert (line.get_marker() in ("", "None")) == (name == "spectrum")
        assert panel.get_xticks().tolist() == [768, 12288]
    plt.close(figure)

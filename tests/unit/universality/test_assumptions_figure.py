"""The table and the cells of the figure of the assumptions."""

import matplotlib.pyplot as plt
import numpy as np
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

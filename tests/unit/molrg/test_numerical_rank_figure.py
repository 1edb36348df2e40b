"""What the figure of numerical ranks says of the known dimensions."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection
from molrg_figure_cases import draw_numerical_rank


def test_lines_of_the_known_dimensions():
    """Two subspaces of 6 dimensions in a space of 48."""
    figure = draw_numerical_rank([100], None)
    shares = {}
    for panel in figure.axes:
        for line in panel.lines:
            if "subspace" in str(line.get_label()):
                shares[line.get_label()] = line.get_ydata()[0]
    plt.close(figure)
    assert shares == {
        "12 dimensions, all subspaces": pytest.approx(12 / 48),
        "6 dimensions, one subspace": pytest.approx(6 / 48),
    }


def test_bands_are_between_the_quartiles():
    """The ranks of three images differ by 1, their quartiles by 1/2 from the median, of 48."""
    figure = draw_numerical_rank([100], None)
    bands = figure.findobj(FillBetweenPolyCollection)
    assert bands
    for band in bands:
        (path,) = band.get_paths()
        x, y = path.vertices.T
        widths = [np.ptp(y[x == at]) for at in np.unique(x)]
        np.testing.assert_allclose(widths, 1 / 48)
    plt.close(figure)

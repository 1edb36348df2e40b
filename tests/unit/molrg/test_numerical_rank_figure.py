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


def test_curves_are_shares_of_the_dimension_and_the_exact_one_is_black():
    """The ranks of three images are 20 + log2 of the ratio, 1 more and 2 more, of 48."""
    figure = draw_numerical_rank([100], ["a", "b"])
    plt.close(figure)
    mixture, study, *_ = figure.axes
    snr = 2.0 ** np.arange(-9, 9)
    expected = (21 + np.arange(-9, 9)) / 48
    curves = {line.get_label(): line for line in (*mixture.lines, *study.lines)}
    for name in ("exact denoiser", "U-Net, 100 training steps", "class a", "class b"):
        np.testing.assert_allclose(curves[name].get_xdata(), snr)
        np.testing.assert_allclose(curves[name].get_ydata(), expected)
        is_exact = name == "exact denoiser"
        assert (curves[name].get_color() == "black") == is_exact
        assert curves[name].get_linestyle() == ("--" if is_exact else "-")
    assert mixture.get_title().startswith("(a) mixture, d = 48, ")
    assert study.get_title().startswith("(b) the study, d = 48, ")
    assert [bool(panel.get_xlabel()) for panel in figure.axes] == [False, False, True, True]
    assert [bool(panel.get_ylabel()) for panel in figure.axes] == [True, False, True, False]
    assert mixture.get_ylim()[1] > 1

"""Panels of the figure of norms."""

import matplotlib.pyplot as plt
from figure_cases import DATA
from moments_figure_cases import norms_of

from gaussianity.moments.figures import norms


def test_at_most_twenty_classes_have_histograms():
    figure = norms.draw(norms_of([str(k) for k in range(23)], DATA[:1]))
    assert sum(panel.get_visible() for panel in figure.axes) == 20
    plt.close(figure)

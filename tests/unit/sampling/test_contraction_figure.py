"""The panels of the figure of contraction."""

import matplotlib.pyplot as plt
from sampling_figure_cases import stretches

from gaussianity.sampling.contraction_summary import contraction_summary
from gaussianity.sampling.figures import contraction


def test_the_panel_of_shares_ends_above_the_largest():
    """Half of the images expand at low noise."""
    frame = stretches(["7"])
    frame.loc[frame["seed"] < 2, "lipschitz"] = 0.5
    figure = contraction.draw(contraction_summary(frame))
    panel = figure.axes[1]
    largest = max(line.get_ydata().max() for line in panel.lines)
    low, high = panel.get_ylim()
    plt.close(figure)
    assert largest == 50
    assert low < 0
    assert largest < high < 1.5 * largest

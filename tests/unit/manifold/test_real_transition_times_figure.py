"""Error bars of the figure of real transition times."""

import numpy as np
from image_times_cases import drawn_of

from gaussianity.drawing import style
from gaussianity.intervals import binomial_error
from gaussianity.manifold.figures import real_transition_times


def test_clones_that_all_agree_have_an_error():
    measured, summary = drawn_of(0)
    figure = real_transition_times.draw(measured, summary)
    for panel, mean in zip(figure.axes, (1.0, 0.0), strict=False):  # one class, at no copy
        (bars,) = panel.containers[0].lines[2]
        lengths = [np.ptp(segment[:, 1]) / 2 for segment in bars.get_segments()]
        np.testing.assert_allclose(lengths, binomial_error(mean, 256))
    style.plt.close(figure)

"""What the figure of the predicted accuracy shows."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from figure_cases import product

from gaussianity.classifiers.figures import predicted_accuracy


def test_the_threshold_is_marked_where_it_lies_among_the_sizes():
    """The interpolation threshold is 16: 8 rows are half of it, 32 rows are twice as many."""
    summary = pd.DataFrame(dict(train_size=[8, 32], rows_per_direction=[0.5, 2.0]))
    summary = summary.assign(subset="pair", source="data", origin="data", predicted=0.9)
    figure = predicted_accuracy.draw(summary.assign(mean=0.85, std=0.01))
    (mark,) = [line for line in figure.axes[0].lines if line.get_linestyle() == ":"]
    assert list(mark.get_xdata()) == [16, 16]
    plt.close(figure)


def test_measurements_stand_on_both_sides_of_their_size():
    domains = dict(subset=["pair", "ten"], source=["data", "diffusion"], gaussian=[False, True])
    summary = product(**domains, train_size=[8, 32])
    summary["origin"] = summary["source"] + np.where(summary["gaussian"], "-gaussian", "")
    values = dict(rows_per_direction=0.1, predicted=0.9, mean=np.arange(16) / 16, std=0.01)
    figure = predicted_accuracy.draw(summary.assign(**values))
    for panel, start in zip(figure.axes, (0, 4, 8, 12), strict=True):
        marks = [bars.lines[0] for bars in panel.containers]
        np.testing.assert_allclose(
            [m.get_xdata().astype(float) for m in marks], [[7.76, 31.04], [8.24, 32.96]]
        )
        drawn = np.ravel([m.get_ydata() for m in marks]).astype(float)
        np.testing.assert_allclose(drawn, (start + np.arange(4)) / 16)
        ends = np.array(panel.containers[0].lines[2][0].get_segments())[..., 1]
        np.testing.assert_allclose(ends[:, 1] - ends[:, 0], 0.02)
    plt.close(figure)

"""What the figure of the predicted accuracy shows."""

import matplotlib.pyplot as plt
import pandas as pd

from gaussianity.classifiers.figures import predicted_accuracy


def test_the_threshold_is_marked_where_it_lies_among_the_sizes():
    """The interpolation threshold is 16: 8 rows are half of it, 32 rows are twice as many."""
    summary = pd.DataFrame(dict(train_size=[8, 32], rows_per_direction=[0.5, 2.0]))
    summary = summary.assign(subset="pair", source="data", origin="data", predicted=0.9)
    figure = predicted_accuracy.draw(summary.assign(mean=0.85, std=0.01))
    (mark,) = [line for line in figure.axes[0].lines if line.get_linestyle() == ":"]
    assert list(mark.get_xdata()) == [16, 16]
    plt.close(figure)

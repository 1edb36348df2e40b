"""What the figure of accuracies shows."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from figure_cases import product

from gaussianity.classifiers.figures import accuracy
from gaussianity.classifiers.measured_accuracy import over_seeds


def test_the_band_is_a_standard_deviation_to_either_side():
    """Accuracies 0.8, 0.9 and 1: their mean 0.9, 0.1 more and 0.1 less."""
    seeds = pd.DataFrame(dict(seed=[0, 1, 2], test_accuracy=[0.8, 0.9, 1.0]))
    seeds = seeds.assign(origin="data", subset="pair", loss="mse", train_size=8)
    figure = accuracy.draw(
        over_seeds(seeds.assign(gaussian_accuracy=np.nan, exact_accuracy=np.nan))
    )
    (band,) = figure.axes[0].collections
    bounds = band.get_paths()[0].get_extents()
    plt.close(figure)
    np.testing.assert_allclose([bounds.ymin, bounds.ymax], [0.8, 1.0])


def test_every_panel_has_the_means_of_its_loss_and_subset():
    domains = dict(subset=["pair", "ten"], loss=["mse", "least_squares"], origin=["data"])
    summary = product(**domains, train_size=[32, 8])
    summary = summary.assign(mean=np.arange(8) / 10, std=0.0)
    figure = accuracy.draw(summary)
    found = {
        panel.get_title(): [list(line.get_ydata()) for line in panel.lines] for panel in figure.axes
    }
    plt.close(figure)
    assert found == {
        "pair: mean squared error": [[0.1, 0.0]],
        "pair: least squares": [[0.3, 0.2]],
        "ten: mean squared error": [[0.5, 0.4]],
        "ten: least squares": [[0.7, 0.6]],
    }

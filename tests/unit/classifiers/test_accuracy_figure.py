"""What the figure of accuracies shows."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

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

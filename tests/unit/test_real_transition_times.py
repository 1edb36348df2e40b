"""The table and the sentence of the figure of real transition times, on images of a known law."""

import numpy as np
import pandas as pd
import pytest
import torch

from gaussianity.figures import real_transition_times
from gaussianity.moment_times import TwoClasses
from gaussianity.real_times import rows_of, weight_table

TIMES = np.geomspace(0.005, 3, 20)
SEED = 3


def isotropic_images(dimension, count, generator, d=32):
    """Two classes far apart, N(+-m, I) in some of the directions and no variance in the others."""
    rows = np.zeros((2 * count, d))
    rows[:, :dimension] = generator.standard_normal((2 * count, dimension))
    labels = np.repeat([0, 1], count)
    rows[:, -1] = np.where(labels, 200.0, -200.0)
    means = [rows[labels == c].mean(axis=0) for c in (0, 1)]
    covariances = [np.cov(rows[labels == c].T) for c in (0, 1)]
    pair = TwoClasses.of_moments(means, covariances, [count, count])
    return torch.from_numpy(rows), torch.from_numpy(labels), pair


def measured_of_images(rows, labels, generator):
    """Curves of the images' exact score; the mixture's classes are told apart at all times."""
    found = weight_table(rows, labels, TIMES, count=400, generator=generator)
    posterior = pd.DataFrame(rows_of(TIMES, 2)).assign(same_class=1.0)
    return real_transition_times.curves({"data": pd.DataFrame(found)}, {}, posterior)


@pytest.mark.parametrize("dimension", [5, 10, 20])
def test_the_effective_dimensions_hold_that_of_isotropic_images(dimension):
    """174 images of each class: at p = 10, t_C = 0.220 for them, 0.263 for half, 0.25 measured."""
    generator = np.random.default_rng(SEED)
    rows, labels, pair = isotropic_images(dimension, 174, generator)
    found = real_transition_times.table(
        measured_of_images(rows, labels, generator), pair, {}, replicates=20, generator=generator
    ).set_index(["law", "criterion"])
    measured = found.loc[("data", real_transition_times.COLLAPSE)]
    low, high = measured["effective_dimension_low"], measured["effective_dimension_high"]
    assert 0.7 * dimension < low < dimension < high
    predicted = found.loc[(real_transition_times.PREDICTED, "n images")]
    assert predicted["effective_dimension_low"] == predicted["effective_dimension_high"]
    # The sample covariance's spread takes some of them.
    assert predicted["effective_dimension_low"] == pytest.approx(dimension, rel=0.1)

"""Coverage of every kind of interval of the verdict, through the procedure of a study."""

import numpy as np
import pandas as pd
import pytest

from gaussianity.classifiers.trial import trial, units_of_trial
from gaussianity.io.class_images import ImageArrays
from gaussianity.universality.verdict import verdict

SETTINGS = dict(losses=["least_squares"], hidden=2, ridge=0.0, learning_rates=[1.0], epochs=1)
SETTINGS |= dict(min_steps=1, batch_size=8, patience=None, selection="validation")
# Several pools of a class, or one; a seed trains in one pool, or in all folds.
POOLS = dict(pools=5, images_per_class=800, train_sizes=[96], validation_size=16)
LARGE = dict(pools=5, images_per_class=2560, train_sizes=[96], validation_size=16)
FOLDS = dict(pools=1, images_per_class=400, train_sizes=[96], validation_size=16)
STUDIES = 2000


def normal_pair(images, d, generator):
    """Two normal classes of images (2, n, d) with covariances that differ."""
    fixed = np.random.default_rng(1)
    roots = np.eye(d) + 0.5 * fixed.standard_normal((2, d, d))
    means = np.zeros((2, 1, d))
    means[:, 0, 0] = 0.6, -0.6
    return means + generator.standard_normal((2, images, d)) @ roots


def intervals(sizes, seeds, number, d=12):
    """The numbers of one cell of a study of normal images, whose excess is 0 and ratio 1."""
    images = normal_pair(sizes["images_per_class"], d, np.random.default_rng([2, number]))
    rows, names = [], dict(study_seed=number)
    for seed in range(seeds):
        units = units_of_trial([0, 1], sizes, all_folds=True, seed=seed, **names)
        for arm, mixes in (("", False), ("-mixed", True)):
            given = ImageArrays(list(images)), units, sizes, SETTINGS
            found = trial(*given, mixes=mixes, seed=seed, **names)
            rows += [dict(row, origin=f"data{arm}", seed=seed) for row in found]
    scores = pd.DataFrame(rows).drop(columns="parameters").assign(subset="pair")
    return verdict.measured(verdict.paired_differences(scores), 0.02, 1.5, 0.05)


@pytest.mark.slow  # some 100,000 small classifiers
@pytest.mark.parametrize(
    ("sizes", "seeds", "d", "most"),
    [(POOLS, 5, 12, 0.96), (POOLS, 20, 12, 0.96), (LARGE, 5, 64, 0.96), (FOLDS, 2, 12, 0.92)],
    ids=["pools", "seeds", "large", "folds"],
)
def test_intervals_of_90_per_cent_cover_in_88_per_cent_or_more(sizes, seeds, d, most):
    """The jackknife of pools is too wide where the pairs of pools differ by chance alone."""
    found = pd.DataFrame([intervals(sizes, seeds, number, d) for number in range(STUDIES)])
    excess = (found["low"] <= 0) & (found["high"] >= 0)
    ratio = (found["ratio_low"] <= 1) & (found["ratio_high"] >= 1)
    assert 0.88 <= excess.mean() <= most
    assert 0.88 <= ratio.mean() <= most
    assert abs(found["excess"].mean()) < 4 * found["excess"].sem()


def test_an_interval_of_a_small_study_covers_the_truth():
    """The same procedure once, with either kind of unit."""
    for sizes, seeds, units in ((POOLS, 5, 5), (FOLDS, 1, 10)):
        found = intervals(sizes, seeds, 1)
        assert found["low"] < found["excess"] < found["high"]
        assert abs(found["excess"]) < 0.05, units

"""A repetition on images and on mixed images: on normal classes the accuracies agree."""

import numpy as np
import pytest
from scipy import stats

from gaussianity.classifiers.splits import Unit, units
from gaussianity.classifiers.trial import _training_seed, trial, units_of_trial
from gaussianity.io.class_images import ImageArrays

SETTINGS = dict(
    losses=["least_squares", "mse"],
    hidden=4,
    ridge=0.0,
    learning_rates=[1.0, 10.0],
    epochs=3,
    min_steps=1,
    batch_size=16,
    patience=None,
    selection="validation",
)
SIZES = dict(images_per_class=120, pools=1, train_sizes=[4, 12], validation_size=6)


def images(seed=0, n=120, d=6):
    generator = np.random.default_rng(seed)
    scales = 1 / np.arange(1, d + 1)
    centre = 0.8 * np.eye(d)[0]
    return ImageArrays([s * centre + scales * generator.standard_normal((n, d)) for s in (-1, 1)])


def images_of_the_same_seeds(seed, n=120, d=20):
    """Normal classes whose images differ in their mean alone."""
    rows = np.random.default_rng(seed).standard_normal((n, d)) / np.linspace(1, 2, d)
    return ImageArrays([rows - 0.8 * np.eye(d)[0], rows + 0.8 * np.eye(d)[0]])


def found_by(shown, *, mixes, sizes=SIZES, seed=0, all_folds=True, **changed):
    parts = units_of_trial([0, 1], sizes, all_folds=all_folds, study_seed=0, seed=seed)
    return trial(shown, parts, sizes, SETTINGS | changed, mixes=mixes, study_seed=0, seed=seed)


@pytest.mark.parametrize("mixes", [False, True])
def test_a_row_for_each_fold_loss_and_size(mixes, capsys):
    found = found_by(images(), mixes=mixes)
    keys = [(row["pool"], row["loss"], row["train_size"]) for row in found]
    losses = SETTINGS["losses"]
    assert keys == [(fold, loss, n) for fold in range(4) for loss in losses for n in (4, 12)]
    assert "pool or fold 3" in capsys.readouterr().out


def test_one_fold_or_one_pool():
    one = found_by(images(), mixes=False, all_folds=False, seed=7)
    assert {row["pool"] for row in one} == {3}
    pooled = found_by(images(), mixes=True, sizes=SIZES | dict(pools=3), seed=5)
    assert {row["pool"] for row in pooled} == {2}
    assert {row["test_images"] for row in pooled} == {80}
    assert {row["tested"] for row in pooled} == {0, 1}


def test_no_image_is_in_training_and_test():
    for sizes in (SIZES, SIZES | dict(pools=3)):
        for unit in units_of_trial([0, 1], sizes, all_folds=True, study_seed=0, seed=1):
            for tested in unit.tested.values():
                for trained, held in zip(unit.trained, tested, strict=True):
                    assert not set(trained) & set(held)


def test_mixed_images_ignore_a_change_of_the_tested_ones():
    shown, part = images(), units_of_trial([0, 1], SIZES, all_folds=False, study_seed=0, seed=0)
    changed = [rows.copy() for rows in shown.rows]
    for rows, tested in zip(changed, part[0].tested[0], strict=True):
        rows[tested] += 100
    before, after = (
        found_by(each, mixes=True, all_folds=False) for each in (shown, ImageArrays(changed))
    )
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one["parameters"][0], other["parameters"][0])
        assert one["test_loss"] != other["test_loss"]


def test_selection_on_the_test_is_of_the_images_only():
    chosen = dict(learning_rates=[1e-6, 10.0], losses=["mse"], selection="test")
    by_test = found_by(images(), mixes=False, **chosen)
    assert max(row["epochs"] for row in by_test) == 3
    assert found_by(images(), mixes=True, **chosen)[0]["loss"] == "mse"


def test_images_of_the_same_seeds_have_no_excess():
    """`sampling.seeds: shared`: with one mixing for all classes, mixed images of two classes have
    the same noise, and images with different orders have not."""
    sizes = dict(images_per_class=240, pools=2, train_sizes=[48], validation_size=2)
    excess = []
    for seed in range(400):
        shown = images_of_the_same_seeds(seed // 2, 240)
        images_arm, mixed_arm = (
            found_by(shown, mixes=mixes, sizes=sizes, seed=seed, losses=["least_squares"])
            for mixes in (False, True)
        )
        pairs = zip(images_arm, mixed_arm, strict=True)
        excess.append(np.mean([a["test_accuracy"] - b["gaussian_accuracy"] for a, b in pairs]))
    error = np.std(excess) / len(excess) ** 0.5
    assert abs(np.mean(excess)) < stats.norm.ppf(0.999) * error


def test_normal_images_have_no_excess_at_less_than_an_image_per_pixel():
    # 24 images of 40 pixels: a Gaussian fitted to them is easier to classify.
    sizes = dict(images_per_class=24, pools=2, train_sizes=[6], validation_size=2)
    assert units(2, 24) == (2, 12, 12)
    excess = []
    for seed in range(300):
        arms = [
            found_by(
                images(seed // 2, 24, 40),
                mixes=mixes,
                sizes=sizes,
                seed=seed,
                losses=["least_squares"],
            )[0]
            for mixes in (False, True)
        ]
        excess.append(arms[0]["test_accuracy"] - arms[1]["gaussian_accuracy"])
    error = np.std(excess) / len(excess) ** 0.5
    assert error < 0.01
    assert abs(np.mean(excess)) < stats.norm.ppf(0.999) * error


def test_folds_are_trained_with_numbers_of_their_own_and_a_pool_with_that_of_the_seed():
    parts = [Unit(number, None, None) for number in range(4)]
    folds = [_training_seed(seed, part, 4) for seed in range(3) for part in parts]
    assert folds == list(range(12))
    assert [_training_seed(seed, parts[3], 1) for seed in range(3)] == [0, 1, 2]

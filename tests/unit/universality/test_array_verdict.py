"""The verdict on arrays: normal classes, two modes, and arrays that do not fit."""

import numpy as np
import pytest

import gaussianity
from gaussianity.classifiers.losses import LOSS_NAMES
from gaussianity.errors import InputError, require_numbers
from gaussianity.universality import array_verdict


def classes(modes=0.0, n=240, d=4, seed=1):
    """Two classes, of normal pixels except that a share of the first pixel's variance is modes."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(["left", "right"], n)
    images = generator.standard_normal((2 * n, d))
    images[:, 0] *= np.sqrt(1 - modes**2)
    images[:, 0] += generator.choice([-modes, modes], 2 * n)
    images[:, 0] += np.where(labels == "left", -0.75, 0.75)
    return images.reshape(2 * n, 2, 2), labels


def test_normal_classes_have_no_difference_above_the_margin():
    found = gaussianity.verdict(*classes(), margin=0.08)
    (cell,) = found.table.to_dict("records")
    assert cell["outcome"] == "none"
    assert cell["low"] < 0 < cell["high"]
    assert abs(cell["accuracy_gaussian"] - 0.77) < 0.05  # Phi(0.75) is 0.773
    assert repr(found) == found.headline
    assert "like Gaussian data" in repr(found)


def test_two_modes_are_found():
    # Images at +-0.95 around +-0.75: the accuracy of the threshold 0 is 0.63, with a Gaussian 0.77.
    found = gaussianity.verdict(*classes(modes=0.95))
    (cell,) = found.table.to_dict("records")
    assert cell["outcome"] == "beyond"
    assert abs(cell["excess"] + 0.14) < 0.04
    assert "harder to classify" in repr(found)


def test_uint8_images_are_those_divided_by_255():
    images, labels = classes()
    stored = np.clip(images * 20 + 128, 0, 255).astype(np.uint8)
    one, other = (
        gaussianity.verdict(each, labels, seeds=1).table for each in (stored, stored / 255)
    )
    np.testing.assert_allclose(one["excess"], other["excess"], atol=1e-12)


def test_pools_sizes_and_losses():
    found = gaussianity.verdict(
        *classes(),
        losses=("mse", "least_squares"),
        train_sizes=[10, 40],
        pools=3,
        seeds=3,
        epochs=2,
        min_steps=1,
    )
    assert found.table["pools"].tolist() == [3] * 4
    assert found.table["train_size"].tolist() == [10, 40] * 2
    assert found.table.set_index(["loss", "train_size"])["primary"].to_dict() == {
        ("mse", 10): False,
        ("mse", 40): True,
        ("least_squares", 10): False,
        ("least_squares", 40): False,
    }
    assert found.plot().axes


def test_the_smallest_class_decides_how_many_images_are_used():
    images, labels = classes()
    kept = np.r_[:100, 240:480]  # 100 of left
    found = gaussianity.verdict(images[kept], labels[kept], seeds=1)
    assert found.table["images_per_pixel"].tolist() == [25]


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (np.zeros((4, 2)), np.zeros(3), r"of the shapes \(4, 2\) and \(3,\)"),
        (np.zeros((4, 2), int), np.zeros(4), "expected uint8 or floats, found int64"),
        (np.full((4, 2), np.nan), np.zeros(4), "found NaN or infinity"),
        (
            np.zeros((30, 2)),
            np.zeros(30),
            "at least two classes of at least 24 images, found 30 of",
        ),
        (np.zeros((50, 2)), np.arange(50) < 23, "found 27 of False, 23 of True"),
        (np.zeros((50, 2)), np.repeat([0, np.nan], 25), "labels: expected finite numbers"),
    ],
)
def test_arrays_that_do_not_fit(images, labels, message):
    with pytest.raises(InputError, match=message):
        gaussianity.verdict(images, labels)


def test_more_training_images_than_the_verdict_allows():
    with pytest.raises(InputError, match=r"train_sizes: expected 1 to 142 of 240 .* \[145\]"):
        gaussianity.verdict(*classes(), train_sizes=[145])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (dict(epoch=3), "training: expected hidden, .* found epoch"),
        (dict(losses="mse"), "losses: expected a list of .* found 'mse'"),
        (dict(losses=["hinge"]), "losses: expected a list of different ones of mse"),
        (dict(losses=["mse", "mse"]), "losses: expected a list of different ones"),
        (dict(selection="tests"), "selection: expected validation or test, found 'tests'"),
        (dict(level=0.6), "level: expected a number above 0 and below 0.5, found 0.6"),
        (dict(margin=0), "margin: expected a number above 0"),
        (dict(level=0), "level: expected a number above 0"),
        (dict(level=0.5), "below 0.5, found 0.5"),
        (dict(margin=1.5), "margin: expected a number above 0 and at most 1, found 1.5"),
        (dict(seeds=0), "seeds: expected a number at least 1, found 0"),
        (dict(train_sizes=[143]), "train_sizes: expected 1 to 142"),
        (dict(train_sizes=[]), "train_sizes: expected 1 to 142"),
        (dict(ratio=1), "ratio: expected a number above 1, found 1"),
        (dict(pools=0), "pools: expected a number at least 1, found 0"),
        (dict(train_sizes=8), "train_sizes: expected a list, found 8"),
        (dict(train_sizes=[0, 8]), "train_sizes: expected 1 to"),
        (dict(pools=80), "at least 320 images of each of 2 classes in 80 pools, found 240"),
    ],
)
def test_settings_that_do_not_fit(given, message):
    with pytest.raises(InputError, match=message):
        gaussianity.verdict(*classes(), **given)


def test_too_few_images_for_the_number_of_classes():
    """The unbiased accuracy of 11 classes needs 13 tested images of each."""
    labels = np.repeat(np.arange(11), 24)
    with pytest.raises(InputError, match="at least 26 images of each of 11 classes in 2 folds"):
        gaussianity.verdict(np.zeros((264, 3)), labels)


def test_all_learning_rates_are_above_zero():
    assert min(array_verdict.TRAINING["learning_rates"]) > 0


def test_settings_at_the_ends_of_their_ranges_fit():
    require_numbers(array_verdict.RANGES, pools=1, seeds=1, margin=1, level=0.49, ratio=1.01)


@pytest.mark.parametrize(
    ("images", "pools", "given", "train_sizes", "validation"),
    [
        (240, 1, None, [132], 28),  # 55 % of 240; a sixth of 170 rows of mixtures is held out
        (240, 3, None, [54], 10),  # 80 images of a pool can be mixed into 64 rows
        (240, 1, [142, 1], [1, 142], 28),
        (26, 1, [1], [1], 1),
    ],
)
def test_sizes_of_a_comparison(images, pools, given, train_sizes, validation):
    found = array_verdict._sizes(11, images, pools, given)
    assert (found["train_sizes"], found["validation_size"]) == (train_sizes, validation)
    assert (found["images_per_class"], found["pools"]) == (images, pools)


def test_all_losses_can_be_asked_for():
    array_verdict._check_training(list(LOSS_NAMES), {})

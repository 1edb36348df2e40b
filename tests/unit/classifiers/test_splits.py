"""Pools and folds: which images a repetition is trained and tested on."""

import numpy as np
import pytest

from gaussianity.classifiers.splits import (
    design,
    folds,
    folds_of_seed,
    pool_of_seed,
    split_rows,
    units,
)


def pool(seed, pools=3, images=14, classes=(4, 7)):
    return pool_of_seed(classes, images, pools=pools, study_seed=0, seed=seed)


def test_a_pool_is_trained_in_and_each_other_is_tested():
    found = pool(seed=4)  # pool 1 has the images 4 to 7
    assert found.number == 1
    assert found.trained.shape == (2, 4)
    for trained in found.trained:
        assert sorted(trained) == [4, 5, 6, 7]
    assert list(found.tested) == [0, 2]
    np.testing.assert_array_equal(found.tested[0], [range(4)] * 2)
    np.testing.assert_array_equal(found.tested[2], [range(8, 12)] * 2)


def test_repetitions_and_classes_are_ordered_differently():
    first, second = pool(0, images=300), pool(3, images=300)
    assert (first.trained != second.trained).any(axis=1).all()
    assert (first.trained[0] != first.trained[1]).any()
    alone = pool(0, images=300, classes=(7,))
    np.testing.assert_array_equal(alone.trained[0], first.trained[1])  # of any other classes


def test_every_image_is_in_one_fold_and_folds_are_those_of_all_repetitions():
    first, second = (folds_of_seed([0, 1], 253, study_seed=0, seed=seed) for seed in (0, 1))
    assert [unit.number for unit in first] == list(range(10))
    for k in range(2):
        tested = np.concatenate([unit.tested[unit.number][k] for unit in first])
        assert sorted(tested) == list(range(253))
    for one, other in zip(first, second, strict=True):
        tested = one.tested[one.number]
        np.testing.assert_array_equal(tested, other.tested[one.number])
        assert (one.trained != other.trained).any()
        for trained, held in zip(one.trained, tested, strict=True):
            assert sorted(np.r_[trained, held]) == list(range(253))


@pytest.mark.parametrize(("images", "expected"), [(599, 10), (600, 5), (174, 6), (20, 2)])
def test_number_of_folds(images, expected):
    assert folds(images) == expected


@pytest.mark.parametrize(
    ("pools", "images", "expected"),
    [
        (5, 2560, (5, 512, 2048)),
        (3, 14, (3, 4, 8)),
        (1, 174, (6, 145, 29)),
        (1, 890, (5, 712, 178)),
    ],
)
def test_sizes_of_a_unit(pools, images, expected):
    assert units(pools, images) == expected


def test_rows_of_each_class_in_turn():
    found = split_rows(2, [1, 3], validation_size=2, test_size=1)
    np.testing.assert_array_equal(found.train[1], [0, 6])
    np.testing.assert_array_equal(found.train[3], [0, 1, 2, 6, 7, 8])
    np.testing.assert_array_equal(found.validation, [3, 4, 9, 10])
    np.testing.assert_array_equal(found.test, [5, 11])


def test_sizes_of_a_comparison():
    source = dict(images_per_class=174, pools=1, train_sizes=[8, 96], validation_size=20)
    assert design(source, 64) == dict(
        unit="fold",
        units=6,
        images=145,
        mixed_rows=116,
        tested=29,
        images_per_class=174,
        images_per_pixel=174 / 64,
    )
    assert design(source | dict(pools=3), 64)["unit"] == "pool"

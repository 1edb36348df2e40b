"""Splits are disjoint, nested, balanced and independent of the subset."""

import numpy as np
import pytest

from gaussianity.classifiers.splits import split_classes


def split(classes=(4, 7), seed=0, **changed):
    sizes = dict(train_sizes=[2, 5], validation_size=3, test_size=4, study_seed=1)
    return split_classes(classes, 12, **(sizes | changed), seed=seed)


def test_parts_are_disjoint_and_balanced():
    parts = split()
    everything = np.concatenate([parts.train[5], parts.validation, parts.test])
    assert sorted(everything) == list(range(24))
    for part, size in ((parts.train[5], 5), (parts.validation, 3), (parts.test, 4)):
        assert (np.bincount(part // 12) == size).all()


def test_training_sizes_are_nested():
    parts = split()
    assert set(parts.train[2]) < set(parts.train[5])
    assert len(parts.train[2]) == 4


def test_a_class_is_split_alike_in_every_subset():
    pair, other = split((4, 7)), split((9, 4))
    np.testing.assert_array_equal(pair.test[pair.test < 12], other.test[other.test >= 12] - 12)


def test_seeds_differ():
    assert not np.array_equal(split(seed=0).test, split(seed=1).test)


def test_pools_are_disjoint_and_taken_in_turn():
    sizes = dict(train_sizes=[2], validation_size=1, test_size=1, pools=3)
    used = [set(split(seed=seed, **sizes).compact()[0]) for seed in range(4)]
    assert used[0] == {0, 1, 2, 3, 12, 13, 14, 15}
    assert set.union(*used[:3]) == set(range(24))
    assert used[3] == used[0]
    with pytest.raises(ValueError, match="needs 5 images per class, found 4"):
        split(**(sizes | dict(train_sizes=[3])))


def test_too_few_images():
    with pytest.raises(ValueError, match="needs 14 images per class, found 12"):
        split(train_sizes=[7])


def test_a_compact_split_names_the_same_rows():
    whole = split()
    used, compact = whole.compact()
    assert len(used) == 2 * (5 + 3 + 4)
    assert (np.diff(used) > 0).all()
    np.testing.assert_array_equal(used[compact.test], whole.test)
    np.testing.assert_array_equal(used[compact.validation], whole.validation)
    for n in (2, 5):
        np.testing.assert_array_equal(used[compact.train[n]], whole.train[n])

"""Random streams are distinct, and depend on their arguments alone."""

import numpy as np
import pytest

from gaussianity.streams import PURPOSES, image_seeds, stream


def test_image_seeds_are_distinct_within_a_study():
    for study_seed in (0, 7, 2**32 - 1):
        seeds = np.concatenate([image_seeds(study_seed, k, range(3000)) for k in range(50)])
        assert len(np.unique(seeds)) == len(seeds)
        assert seeds.min() >= 0
        assert seeds.max() < 2**32


def test_last_class_and_last_image_still_have_their_own():
    corners = [image_seeds(5, k, [0, 2**20 - 1]) for k in (0, 1, 4094, 4095)]
    assert len(np.unique(corners)) == 8


def test_class_zero_of_study_zero_counts_from_zero():
    np.testing.assert_array_equal(image_seeds(0, 0, range(4)), [0, 1, 2, 3])


def test_a_single_image_has_a_seed_and_no_image_has_none():
    assert image_seeds(0, 0, [5]).tolist() == [5]
    assert image_seeds(0, 0, [2**20 - 1]).tolist() == [2**20 - 1]
    assert image_seeds(0, 0, []).tolist() == []


def test_studies_whose_seeds_differ_in_the_highest_bit_differ():
    seeds = [image_seeds(2**bit, 0, [0])[0] for bit in range(32)]
    assert len(np.unique(seeds)) == 32
    assert 0 not in seeds


def test_a_seed_does_not_depend_on_its_shard():
    np.testing.assert_array_equal(image_seeds(3, 2, range(10))[4:6], image_seeds(3, 2, [4, 5]))


def test_seeds_out_of_range():
    with pytest.raises(ValueError, match="below 4096, found 4096"):
        image_seeds(0, 4096, [0])
    with pytest.raises(ValueError, match="below 4096, found -1"):
        image_seeds(0, -1, [0])
    for index in (2**20, -1):
        with pytest.raises(ValueError, match="sample indices"):
            image_seeds(0, 0, [index])


def test_purposes_do_not_share_numbers():
    draws = {stream(0, purpose, i).random() for purpose in PURPOSES for i in range(3)}
    assert len(draws) == 3 * len(PURPOSES)


def test_unknown_purpose():
    with pytest.raises(ValueError, match=r"one of training, .* found 'weather'"):
        stream(0, "weather")


def test_seeds_of_a_class_follow_those_of_the_class_before():
    np.testing.assert_array_equal(image_seeds(0, 3, [0, 5]), [3 * 2**20, 3 * 2**20 + 5])

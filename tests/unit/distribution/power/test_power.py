"""Power by subsampling: exact on normal images, and the reading of the images needed."""

import numpy as np
import pytest
from normality_cases import normal_rows, nulls_of

from gaussianity.distribution.haar import haar_scores
from gaussianity.distribution.power.alternatives import skewed
from gaussianity.distribution.power.power import (
    images_needed,
    no_power,
    rejections,
    sizes,
    standardised,
    subsample_power,
)


def power_of(rows, nulls, seed=0, most=64):
    """Power of subsamples of rows (n, d), by the scores on their principal directions."""
    centred = rows - rows.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    k = min(most, len(rows) // 10, int(np.sum(values > 1e-6 * values[0])))
    scores, variances = left[:, :k] * np.sqrt(len(rows)), values[:k] ** 2 / len(rows)
    return subsample_power(scores, variances, nulls, np.random.default_rng(seed))


def test_sizes_are_halved_down_to_twenty_and_leave_four_subsamples():
    assert sizes(2560) == [640, 320, 160, 80, 40, 20]
    assert sizes(174) == [43, 21]
    assert sizes(79) == []


def test_subsamples_are_disjoint_and_as_many_as_there_are():
    power = power_of(normal_rows(330, 8, np.random.default_rng(0)), nulls_of(82, 41, 20))
    np.testing.assert_array_equal(power["images"], [20, 41, 82])
    np.testing.assert_array_equal(power["subsamples"], [16, 8, 4])


def test_every_image_stands_in_one_subsample(monkeypatch):
    seen = []

    def noted(sets, null, level):
        seen.append(np.concatenate(list(sets)))
        return np.zeros(len(seen[-1]) // null.images, bool)

    monkeypatch.setattr("gaussianity.distribution.power.power.rejections", noted)
    scores = haar_scores(160, 3, np.random.default_rng(0))
    subsample_power(scores, np.ones(3), nulls_of(40, 20), np.random.default_rng(1))
    for rows in seen:
        np.testing.assert_array_equal(np.sort(rows, axis=0), np.sort(scores, axis=0))
        assert not np.array_equal(rows, scores)  # they are dealt at random


@pytest.mark.parametrize(("d", "rank"), [(12, 12), (12, 4), (250, 250)])
def test_rejections_of_normal_images_are_nominal(d, rank):
    """The covariance has full rank, or not, or there are fewer images than dimensions."""
    rejected = normal_rejections(d, rank, sets=30)
    assert len(rejected) == 120
    assert rejected.mean() < 0.12  # 6 expected, standard deviation 2.4


@pytest.mark.slow
@pytest.mark.parametrize(("d", "rank"), [(12, 12), (12, 4), (250, 250)])
def test_rejections_of_normal_images_are_nominal_in_many_sets(d, rank):
    rejected = normal_rejections(d, rank, sets=400)
    assert 0.03 < rejected.mean() < 0.075  # standard error .006, that of 499 draws .010


def normal_rejections(d, rank, sets):
    """Whether each of 4 subsamples of 50 images of some normal sets of 200 is rejected."""
    generator, found = np.random.default_rng(d + rank), []
    for _ in range(sets):
        rows = normal_rows(200, d, generator, rank=rank)
        centred = rows - rows.mean(axis=0)
        _, values, right = np.linalg.svd(centred, full_matrices=False)
        k = min(20, int(np.sum(values > 1e-6 * values[0])))
        order = generator.permutation(200).reshape(4, 50)
        projected = centred @ right[:k].T
        found.append(rejections((projected[part] for part in order), nulls_of(50)[50]))
    return np.concatenate(found)


def test_a_skewed_class_is_rejected_from_about_130_images():
    """Four subspaces are seen in all sizes, a skewed direction between 65 and 250 images."""
    rows = skewed(2000, np.random.default_rng(0))
    power = power_of(rows, nulls_of(500, 250, 125, 62, 31, draws=99))
    assert power["rejected"][-1] == 1.0
    assert power["rejected"][0] < 0.6
    assert 60 < images_needed(power) < 260
    assert np.all((power["low"] <= power["rejected"]) & (power["rejected"] <= power["high"]))


def test_rotated_and_shifted_images_have_the_same_power():
    generator = np.random.default_rng(3)
    rows = skewed(400, generator)[:, :8]
    rotated = 5 + 2 * rows @ np.linalg.qr(generator.standard_normal((8, 8)))[0]
    nulls = nulls_of(100, 50, 25)
    for name, column in power_of(rows, nulls).items():
        np.testing.assert_array_equal(power_of(rotated, nulls)[name], column)


def test_standardised_scores_leave_out_directions_without_variance():
    rows = np.zeros((50, 5))
    rows[:, 2:4] = np.random.default_rng(0).standard_normal((50, 2))
    scores = standardised(rows, 64)
    np.testing.assert_allclose(scores.T @ scores / 50, np.eye(2), atol=1e-12)
    many = standardised(np.random.default_rng(0).standard_normal((50, 9)), 64)
    assert many.shape == (50, 5)  # a tenth of the images
    assert standardised(np.ones((50, 3)), 64).shape == (50, 0)


def test_a_set_of_equal_images_is_not_rejected():
    sets = [np.ones((50, 3)), skewed(50, np.random.default_rng(0))]
    assert not rejections(sets, nulls_of(50)[50])[0]
    assert rejections([], nulls_of(50)[50]).shape == (0,)


@pytest.mark.parametrize(
    ("rejected", "needed"),
    [
        ([0.2, 0.6, 1.0], np.sqrt(100 * 200)),  # halfway in the logarithm
        ([0.9, 1.0, 1.0], 50.0),  # an upper bound
        ([0.1, 0.3, 0.79], None),
        ([0.1, 0.8, 0.7], 100.0),  # the smallest size that suffices
    ],
)
def test_images_needed_are_read_in_the_logarithm(rejected, needed):
    found = images_needed(dict(images=np.array([50, 100, 200]), rejected=np.array(rejected)))
    assert found == pytest.approx(needed)


def test_images_needed_are_unknown_without_subsamples():
    assert images_needed(dict(images=np.array([]), rejected=np.array([]))) is None


def test_no_power_has_the_columns_without_a_row():
    assert {name: len(column) for name, column in no_power().items()} == dict.fromkeys(
        ("images", "subsamples", "rejected", "low", "high"), 0
    )

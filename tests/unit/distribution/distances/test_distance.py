"""The distance from normal, and its interval."""

import numpy as np
import pytest

from gaussianity.distribution.distances.distance import distance
from gaussianity.distribution.haar import haar_scores, whitened
from gaussianity.distribution.null import null_draws
from gaussianity.distribution.principal_scores import principal_scores
from gaussianity.distribution.statistics import quantile_means, squared_distances

D = 64
VARIANCES = np.arange(1, D + 1) ** -1.0


def test_the_sum_over_directions():
    scores = whitened(np.random.default_rng(0).exponential(size=(400, 3)))
    found = distance(scores, [3.0, 2.0, 1.0], 10.0, 0.005)
    excess = np.array([3.0, 2.0, 1.0]) / 10 * (squared_distances(scores) - 0.005)
    assert found.value == pytest.approx(np.sqrt(excess.sum()))
    np.testing.assert_allclose(found.shares, excess / excess.sum())
    assert found.low < found.value < found.high


def test_the_jackknife_by_hand():
    """Three groups, of 10 or 11; Student's quantile of 2 degrees of freedom is 4.303."""
    scores = whitened(np.random.default_rng(0).exponential(size=(31, 2)))
    found = distance(scores, [2.0, 1.0], 3.0, 0.04, groups=3)
    left = []
    for group in range(3):
        kept = whitened(scores[np.arange(31) % 3 != group])
        left.append(np.array([2, 1]) / 3 @ (squared_distances(kept) - 0.04 * 31 / len(kept)))
    reach = 4.3026527 * np.sqrt(2 / 3 * np.square(np.array(left) - np.mean(left)).sum())
    assert found.high**2 == pytest.approx(found.value**2 + reach, rel=1e-6)
    assert found.low**2 == pytest.approx(max(0, found.value**2 - reach), rel=1e-6)


def test_a_direction_nearer_than_chance_has_no_share():
    """Its excess still counts in D^2, which is without bias for normal images."""
    scores = whitened(np.random.default_rng(0).exponential(size=(400, 2)))
    scores[:, 1] = 400 * quantile_means(400)
    found = distance(scores, [1.0, 1.0], 2.0, 0.01)
    np.testing.assert_array_equal(found.shares, [1, 0])
    assert found.value**2 == pytest.approx((squared_distances(scores) - 0.01).sum() / 2)
    nearest = distance(scores[:, 1:], [1.0], 2.0, 0.01)
    assert (nearest.value, nearest.low, *nearest.shares) == (0, 0, 0)


def test_normal_images_are_near_0():
    null = null_draws(800, D, 50, np.random.default_rng(1))
    found = distance(haar_scores(800, D, np.random.default_rng(0)), VARIANCES, 5.0, null.mean)
    assert found.low == 0
    assert found.value < 0.03


def test_a_direction_of_one_image_has_a_wide_interval():
    """Without that image nothing is left of the direction."""
    scores = np.random.default_rng(0).standard_normal((100, 2))
    scores[:, 1] = np.eye(100)[7]
    found = distance(whitened(scores), [1.0, 1.0], 2.0, 0.02)
    assert 0 <= found.low < found.value < found.high < 3
    assert found.high - found.low > 0.5


def test_without_directions_there_is_no_distance():
    found = distance(np.zeros((50, 0)), [], 1.0, 0.1)
    assert np.isnan([found.value, found.low, found.high]).all()


def drawn(name, n, generator):
    rows = generator.standard_normal((n, D))
    if name == "two modes":
        rows[:, 0] = 0.6 * rows[:, 0] + 0.8 * generator.choice([-1.0, 1.0], n)
    if name == "gamma":
        rows[:, 0] = (generator.gamma(4, 1, n) - 4) / 2
    return rows * np.sqrt(VARIANCES)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "truth"), [("normal", 0.0), ("two modes", 0.055), ("gamma", 0.106)]
)
def test_intervals_cover_the_truth(name, truth):
    """The truth is that along the true directions, from 200,000 images."""
    generator, found = np.random.default_rng(5), []
    mean = null_draws(800, 1, 4000, np.random.default_rng(0)).mean
    for _ in range(100):
        rows = drawn(name, 800, generator)
        held = principal_scores(lambda rows=rows: iter([rows]))
        each = distance(held.scores, held.variances, held.total, mean)
        found.append((each.value, each.low <= truth + 1e-3 and each.high >= truth - 1e-3))
    values, covers = np.array(found).T
    assert values.mean() == pytest.approx(truth, abs=0.012)
    assert covers.mean() >= 0.9

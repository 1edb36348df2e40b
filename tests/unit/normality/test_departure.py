"""The exact test of one class."""

import numpy as np
import pytest
from scipy.stats import kstest

from gaussianity.normality.departure import departure, p_values_of, part_scores
from gaussianity.normality.haar import haar_scores, whitened
from gaussianity.normality.null import Null, null_draws
from gaussianity.normality.principal_scores import principal_scores
from gaussianity.normality.statistics import nested_parts, squared_distances

CASES = {  # images, pixels
    "few images": (100, 300),
    "more images than pixels": (200, 32),
    "a third of the rank": (200, 60),
}
NULLS = {n: null_draws(n, n // 10, 499, np.random.default_rng(9)) for n in (100, 200)}


def p_values(case, sets, generator):
    """p of normal images with a decaying spectrum, or with variance in a third of the pixels."""
    n, d = CASES[case]
    deviations = np.arange(1, d + 1) ** -0.5
    if case == "a third of the rank":
        deviations[d // 3 :] = 0
    found = []
    for _ in range(sets):
        rows = generator.standard_normal((n, d)) * deviations + 3
        scores = principal_scores(lambda rows=rows: iter([rows]), 20).scores
        found.append(departure(scores, NULLS[n]).p_value)
    return np.array(found)


@pytest.mark.parametrize("case", CASES)
def test_p_is_uniform_for_normal_images(case):
    found = p_values(case, 20, np.random.default_rng(0))
    assert kstest(found, "uniform").pvalue > 1e-3


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_false_alarms_are_nominal(case):
    found = p_values(case, 200, np.random.default_rng(1))
    assert 0.02 <= (found <= 0.05).mean() <= 0.085
    assert kstest(found, "uniform").pvalue > 1e-3


def test_p_counts_the_draws_at_least_as_large():
    """Four draws, one direction. The score of the logarithm of the largest part decides."""
    parts = np.exp(np.array([1.0, 2.0, 3.0, 4.0]))[:, None, None] * np.ones((4, 1, 3))
    null = Null(30, parts, np.array([0.1, 0.2, 0.3, 0.4]))
    found = np.exp(np.array([[0.5] * 3, [2.5] * 3, [4.0] * 3, [5.0] * 3]))
    # The radius counts on both sides: the draws' scores are 1.34, .45, .45, 1.34.
    np.testing.assert_allclose(p_values_of(found, null, 1), [0.2, 1.0, 0.6, 0.2])
    np.testing.assert_allclose(part_scores(found[1], null, 1), 0, atol=1e-12)


def test_the_radius_counts_on_both_sides():
    """Points on a sphere have too small a fourth moment, heavy tails too large a one."""
    generator = np.random.default_rng(0)
    normals = generator.standard_normal((200, 20))
    sphere = whitened(normals / np.linalg.norm(normals, axis=1, keepdims=True))
    heavy = whitened(normals / np.sqrt(generator.chisquare(3, (200, 1))))
    for scores in (sphere, heavy):
        found = departure(scores, NULLS[200])
        assert found.p_value == 1 / 500
        assert found.statistic == found.radius > 5


def test_one_skewed_direction_is_marked():
    scores = np.random.default_rng(0).standard_normal((200, 6))
    scores[:, 3] = np.random.default_rng(1).exponential(size=200)
    found = departure(whitened(scores), NULLS[200])
    assert found.p_value < 0.01
    np.testing.assert_array_equal(np.flatnonzero(found.marked), [3])
    np.testing.assert_allclose(found.squared, squared_distances(whitened(scores)))
    assert found.p_values[3] == found.p_values.min()


def test_leading_directions_of_the_null_are_used():
    scores = haar_scores(200, 7, np.random.default_rng(0))
    expected = p_values_of(nested_parts(scores)[-1][None], NULLS[200], 7)[0]
    assert departure(scores, NULLS[200]).p_value == expected


def test_the_order_of_the_images_and_their_shards_do_not_matter():
    rows = np.random.default_rng(0).gamma(4, size=(200, 12)) / np.arange(1, 13)
    shuffled = np.random.default_rng(1).permutation(rows)
    orders = [rows[:150], rows[150:]], [shuffled[:90], shuffled[90:]]
    first, second = (
        departure(principal_scores(lambda order=order: iter(order)).scores, NULLS[200])
        for order in orders
    )
    assert first.p_value == second.p_value
    np.testing.assert_allclose(first.squared, second.squared, atol=1e-9)
    np.testing.assert_array_equal(first.p_values, second.p_values)


def test_without_directions_nothing_is_said():
    found = departure(np.zeros((200, 0)), NULLS[200])
    assert np.isnan([found.p_value, found.statistic, found.radius]).all()
    assert len(found.marked) == 0
    np.testing.assert_array_equal(p_values_of(np.ones((2, 3)), NULLS[200], 0), [np.nan] * 2)


@pytest.mark.parametrize(("n", "k"), [(100, 5), (200, 30)])
def test_a_null_of_other_images_is_refused(n, k):
    with pytest.raises(ValueError, match=rf"null of {n} images and at least {k} directions"):
        departure(np.zeros((n, k)), NULLS[200])

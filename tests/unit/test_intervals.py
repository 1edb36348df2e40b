"""Intervals of shares against closed forms, and bootstrap weights."""

import numpy as np
import pytest

from gaussianity.intervals import binomial_error, bootstrap_weights, share_ends, share_interval


@pytest.mark.parametrize("count", [10, 1000])
def test_the_interval_of_no_and_of_all_successes(count):
    """No success: up to the share p with (1 - p)^n = 0.025. All successes: the mirror image."""
    end = 1 - 0.025 ** (1 / count)
    assert share_ends(0, count) == pytest.approx((0, end))
    assert share_interval(np.zeros(count, dtype=bool)) == pytest.approx((0, 0, end))
    assert share_interval(np.ones(count, dtype=bool)) == pytest.approx((1, 1 - end, 1))


def test_a_share_lies_in_its_interval():
    share, low, high = share_interval(np.arange(10) < 3)
    assert share == 0.3
    assert low < 0.3 < high


def test_the_binomial_error_adds_two_successes_and_two_failures():
    assert binomial_error(0.5, 396) == pytest.approx(0.025)
    assert binomial_error(0.0, 100) == pytest.approx(np.sqrt(2 * 102 / 104**3))
    assert binomial_error(1.0, 100) == pytest.approx(binomial_error(0.0, 100))


def test_bootstrap_weights_are_those_of_as_many_images():
    found = bootstrap_weights(40, 7, np.random.default_rng(0))
    assert found.shape == (8, 40)
    np.testing.assert_array_equal(found[0], np.full(40, 1 / 40))
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(found * 40, (found * 40).round(), atol=1e-12)
    assert found[1:].std(axis=0).min() > 0

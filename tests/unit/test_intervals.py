"""Intervals of shares against closed forms, and bootstrap weights."""

import numpy as np
import pytest

from gaussianity.intervals import (
    binomial_error,
    bootstrap_weights,
    holm,
    holm_adjusted,
    share_ends,
    share_interval,
)


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


def test_holm_is_the_closed_test_of_bonferroni():
    """A test is significant if Bonferroni rejects every group of tests that contains it."""
    generator = np.random.default_rng(2)
    for _ in range(200):
        p_values = generator.uniform(0, 0.06, 4)
        groups = [[i for i in range(4) if bits >> i & 1] for bits in range(1, 16)]
        rejected = [p_values[group].min() < 0.05 / len(group) for group in groups]
        expected = [
            all(r for group, r in zip(groups, rejected, strict=True) if i in group)
            for i in range(4)
        ]
        assert holm(p_values, 0.05).tolist() == expected


def test_a_corrected_p_value_is_the_smallest_level_at_which_its_test_is_significant():
    generator = np.random.default_rng(3)
    for _ in range(50):
        p_values = generator.uniform(0, 0.3, 5)
        for number, adjusted in enumerate(holm_adjusted(p_values)):
            assert holm(p_values, adjusted + 1e-9)[number]
            assert not holm(p_values, adjusted - 1e-9)[number] or adjusted == 1.0
    assert holm_adjusted([0.2]).tolist() == [0.2]
    assert holm_adjusted([0.9, 0.8]).tolist() == [1.0, 1.0]

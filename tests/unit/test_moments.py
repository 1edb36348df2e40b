"""Moments against a two-pass reference in extended precision."""

import tracemalloc

import numpy as np
import pytest

from gaussianity.moments import Moments, merge, of_batch, of_stream


@pytest.fixture
def rows():
    """Correlated rows far from the origin, where raw second moments would lose digits."""
    generator = np.random.default_rng(1)
    return 1e4 + generator.standard_normal((500, 12)) @ generator.standard_normal((12, 12))


def two_pass(rows):
    exact = rows.astype(np.longdouble)
    mean = exact.mean(axis=0)
    centred = exact - mean
    return mean, centred.T @ centred / (len(rows) - 1)


def relative_error(found, expected):
    return float(np.abs(found - expected).max() / np.abs(expected).max())


@pytest.mark.parametrize("shards", [1, 2, 3, 7, 250, 500])
def test_any_sharding_equals_the_two_pass_reference(rows, shards):
    mean, covariance = two_pass(rows)
    moments = of_stream(np.array_split(rows, shards))
    assert moments.count == len(rows)
    assert relative_error(moments.mean, mean) < 1e-12
    # The offset is 1e4 standard deviations: rounding of the rows' mean bounds what is possible.
    assert relative_error(moments.covariance, covariance) < 1e-12


def test_pixels_of_eight_bits():
    rows = np.random.default_rng(2).integers(0, 256, (4096, 16)).astype(np.float64)
    mean, covariance = two_pass(rows)
    moments = of_stream(np.array_split(rows, 9))
    assert relative_error(moments.mean, mean) < 1e-12
    assert relative_error(moments.covariance, covariance) < 1e-12


def test_order_of_the_shards_does_not_matter(rows):
    shards = np.array_split(rows, 5)
    forwards, backwards = of_stream(shards), of_stream(shards[::-1])
    np.testing.assert_allclose(forwards.scatter, backwards.scatter, rtol=1e-10)


def test_empty_side_changes_nothing(rows):
    empty = Moments(0, np.zeros(12), np.zeros((12, 12)))
    full = of_batch(rows)
    assert merge(empty, full) is full
    assert merge(full, empty) is full


def test_merging_leaves_its_inputs_alone(rows):
    a, b = of_batch(rows[:100]), of_batch(rows[100:])
    before = a.scatter.copy()
    merge(a, b)
    np.testing.assert_array_equal(a.scatter, before)


def test_memory_does_not_grow_with_the_shards():
    """Peak allocation of 4 and of 64 shards of the same size; all of them would be 16 times it."""

    def peak(shards):
        generator = np.random.default_rng(0)
        tracemalloc.start()
        of_stream(generator.standard_normal((200, 100)) for _ in range(shards))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(1)  # what the first call loads stays
    assert peak(64) < 1.2 * peak(4)


def test_errors():
    with pytest.raises(ValueError, match="dimensions differ"):
        merge(of_batch(np.ones((2, 2))), of_batch(np.ones((2, 3))))
    with pytest.raises(ValueError, match="at least 2 rows, found 1"):
        _ = of_batch(np.ones((1, 3))).covariance
    with pytest.raises(ValueError, match="at least one row"):
        of_stream([])

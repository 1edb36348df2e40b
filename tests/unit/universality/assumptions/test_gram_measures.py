"""Smallest singular values against the Marchenko-Pastur edge, power laws and low rank."""

import numpy as np
import pytest

from gaussianity.universality.assumptions import gram_measures
from gaussianity.universality.assumptions.gram_measures import (
    DRAWS,
    measure_gram,
    row_counts,
    smallest,
    smallest_of_independent,
    spread_of_mean,
)
from gaussianity.universality.assumptions.trends import slope

DIMENSIONS = [64, 128, 256]
COUNTS = [16, 32, 64]


def measured(levels, replicates=6):
    traces = np.ones(len(levels))
    generator = np.random.default_rng(1)
    return measure_gram(levels, traces, COUNTS, generator, replicates=replicates)


def normal(d, count=80, classes=2, deviations=1.0):
    drawn = np.random.default_rng(d).standard_normal((classes, count, d))
    return drawn * deviations / np.sqrt(d)


def test_independent_entries_follow_their_reference():
    """Near (1 - sqrt(1/4))^2 = 1/4 at every d, and (1 - sqrt(n / 256))^2 as n grows."""
    found = measured([normal(d, count=800) for d in DIMENSIONS], replicates=40)
    np.testing.assert_allclose(found["gram"].reference, 0.25, rtol=0.25)
    np.testing.assert_allclose(found["gram"].values[0], found["gram"].reference, rtol=0.07)
    edges = (1 - np.sqrt(np.array(COUNTS) / 256)) ** 2
    np.testing.assert_allclose(found["gram_n"].reference, edges, rtol=0.1)
    np.testing.assert_allclose(found["gram_n"].values[0], found["gram_n"].reference, rtol=0.06)
    np.testing.assert_array_equal(found["gram_n"].sizes, COUNTS)


@pytest.mark.parametrize(("exponent", "expected"), [(1.5, -0.5), (2.0, -1.0), (0.5, 0.0)])
def test_power_laws_have_known_exponents(exponent, expected):
    """lambda_i = i^-a, trace 1: the smallest singular value falls as d^(1 - a) for a above 1."""
    levels = []
    for d in (128, 256, 512):
        spectrum = np.arange(1.0, d + 1) ** -exponent
        rows = np.random.default_rng(d).standard_normal((1, 200, d))
        levels.append(rows * np.sqrt(spectrum / spectrum.sum()))
    generator = np.random.default_rng(0)
    found = measure_gram(levels, np.ones(3), [16, 32, 64], generator, replicates=6)["gram"]
    assert slope(found.sizes, found.values[0]) == pytest.approx(expected, abs=0.2)


def test_replicates_lie_around_the_mean_with_its_spread(monkeypatch):
    """Sets A and B have the mean (A + B) / 2, and a single replicate gives A.

    The distance of A from the mean is multiplied by `spread_of_mean`.
    """
    monkeypatch.setattr(gram_measures, "DRAWS", 1)  # the reference takes long
    levels = [normal(d) for d in DIMENSIONS]
    shares = np.array(COUNTS) / 160
    one, two = (measured(levels, replicates=sets) for sets in (1, 2))
    for name, measure in two.items():
        mean, first, second = measure.values
        expected = mean + (one[name].values[0] - mean) * spread_of_mean(shares, 2)
        np.testing.assert_allclose(first, expected, rtol=1e-9)
        np.testing.assert_allclose((first + second) / 2, mean, rtol=1e-9)
        assert (np.abs(first - mean) > 1e-6 * mean).all()


def test_the_trace_is_divided_out():
    levels = [normal(d) for d in DIMENSIONS]
    doubled = [2 * rows for rows in levels]
    found = measure_gram(doubled, np.full(3, 4.0), COUNTS, np.random.default_rng(1), replicates=2)
    expected = measure_gram(levels, np.ones(3), COUNTS, np.random.default_rng(1), replicates=2)
    np.testing.assert_allclose(found["gram"].values, expected["gram"].values, rtol=1e-12)


def test_without_full_rank_it_is_zero_and_the_smallest_other_is_not():
    """All rows lie in a space of 8 dimensions."""
    levels = [normal(d) @ np.diag(np.arange(d) < 8) for d in DIMENSIONS]
    found = measured(levels)
    np.testing.assert_array_equal(found["gram"].values, 0)
    assert (found["gram_nonzero"].values > 1e-4).all()


def test_rows_are_balanced():
    """Images of a class are equal, and those of two classes are orthogonal.

    With n / 4 rows of each class, X X^T has blocks of that size.
    """
    levels = [np.repeat(np.eye(4)[:, None], 8, axis=1)]
    found = measure_gram(levels, np.ones(1), [8], np.random.default_rng(0), replicates=3)
    np.testing.assert_allclose(found["gram_nonzero"].values, 2.0)


def test_smallest_of_known_matrices():
    assert smallest(np.diag([3.0, 2.0, 0.5])) == (0.5, 0.5)
    assert smallest(np.diag([3.0, 2.0, 0.0])) == (0.0, 2.0)
    assert smallest(np.zeros((2, 2))) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("at_most", "available", "expected"),
    [
        (1000, 10**6, [8, 32, 128]),  # half of d
        (64, 10**6, [4, 16, 64]),
        (64, 64, [2, 8, 32]),  # half of the available rows
        (2, 10**6, [1, 1, 2]),
    ],
)
def test_rows_stay_in_proportion(at_most, available, expected):
    assert row_counts([16, 64, 256], at_most, available) == expected


def test_spread_of_the_mean_of_sets():
    """Means of 30 of 100 normal numbers in 10 sets, against the distribution of their mean."""
    generator = np.random.default_rng(0)
    pools = generator.permuted(
        generator.standard_normal((2000, 100))[:, None].repeat(10, 1), axis=2
    )
    sets = pools[:, :, :30].mean(axis=2)
    among = np.sqrt(sets.var(axis=1, ddof=1).mean())
    assert sets.mean(axis=1).std() / among == pytest.approx(spread_of_mean(0.3, 10), rel=0.06)


def test_more_rows_than_dimensions_leave_nothing():
    assert smallest_of_independent(5, 4, np.random.default_rng(0)) == 0


@pytest.mark.parametrize(("count", "dimension"), [(1, 4), (2, 4), (5, 9)])
def test_reference_is_that_of_drawn_matrices(count, dimension):
    """The value is far from the edge for few rows: 1, not 1/4, for one row of four entries."""
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((20000, count, dimension)) / np.sqrt(dimension)
    values = np.linalg.eigvalsh(rows @ rows.transpose(0, 2, 1))[:, 0]
    found = np.mean([smallest_of_independent(count, dimension, generator) for _ in range(20)])
    error = values.std() * np.sqrt(1 / 20000 + 1 / (20 * DRAWS))
    assert found == pytest.approx(values.mean(), abs=4 * error)


def test_reference_tends_to_the_edge():
    found = smallest_of_independent(400, 1600, np.random.default_rng(0))
    assert found == pytest.approx(0.25, rel=0.04)

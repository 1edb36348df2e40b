"""The draws of the null hypothesis."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from gaussianity.normality.haar import haar_scores
from gaussianity.normality.null import Null, arrays_of, null_draws, nulls_from
from gaussianity.normality.statistics import nested_parts, squared_distances


@pytest.fixture(scope="module")
def null():
    return null_draws(100, 10, 1000, np.random.default_rng(0))


def test_mean_and_quantile_of_a_direction(null):
    """100 times the mean is 1.51, and the 95 % quantile of the distance .165."""
    assert 100 * null.mean == pytest.approx(1.51, abs=0.02)
    assert null.quantile(0.95) == pytest.approx(0.165, abs=0.003)


def test_draws_are_the_statistics_of_haar_scores(null):
    """The parts of every number of directions have the distribution of Haar scores of that many."""
    generator = np.random.default_rng(1)
    for k in (1, 4, 10):
        drawn = [nested_parts(haar_scores(100, k, generator))[-1] for _ in range(300)]
        for part in range(3):
            if k > 1 or part < 2:
                assert ks_2samp(np.array(drawn)[:, part], null.parts[:, k - 1, part]).pvalue > 1e-3


def test_float32_changes_nothing_that_matters():
    """The same normals in float64 give the same parts."""
    found = null_draws(200, 5, 1, np.random.default_rng(0))
    normals = np.random.default_rng(0).standard_normal((5, 200), dtype=np.float32)
    centred = normals.T.astype(np.float64) - normals.mean(axis=1)
    values, vectors = np.linalg.eigh(centred.T @ centred / 200)
    scores = centred @ (vectors / np.sqrt(values)) @ vectors.T
    np.testing.assert_allclose(found.parts[0], nested_parts(scores), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.squared, np.sort(squared_distances(scores)), atol=1e-6)


def test_nulls_return_from_their_arrays(null):
    other = null_draws(20, 2, 5, np.random.default_rng(0))
    found = nulls_from(arrays_of([null, other]))
    assert list(found) == [100, 20]
    assert (found[20].most, found[100].most) == (2, 10)
    np.testing.assert_array_equal(found[20].parts, other.parts)
    np.testing.assert_array_equal(found[100].squared, null.squared)


def test_no_directions_have_no_mean():
    empty = Null(30, np.zeros((5, 0, 3)), np.zeros(0))
    assert np.isnan(empty.mean)
    assert np.isnan(empty.quantile(0.95))

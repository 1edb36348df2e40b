"""Norms of a stream, and distances of distributions against SciPy's."""

import numpy as np
import pytest
from figure_cases import DATA
from scipy import stats

from gaussianity.moments.norms import kolmogorov_smirnov, norm_statistics, row_norms


def test_norms_of_a_stream():
    rows = np.random.default_rng(0).standard_normal((10, 4))
    found = row_norms([rows[:3], rows[3:4], rows[4:]])
    np.testing.assert_allclose(found, np.sqrt((rows**2).sum(axis=1)))


@pytest.mark.parametrize(("first", "second"), [(50, 80), (7, 7), (1, 30)])
def test_distance_is_scipys(first, second):
    """Rounded, so that there are ties within and between the samples."""
    generator = np.random.default_rng(first)
    a = generator.normal(0, 1, first).round(1)
    b = generator.normal(0.5, 1, second).round(1)
    expected = stats.ks_2samp(a, b).statistic
    assert kolmogorov_smirnov(a, b) == pytest.approx(expected)
    assert kolmogorov_smirnov(b, a) == pytest.approx(expected)


def test_distance_of_equal_and_of_separate_samples():
    assert kolmogorov_smirnov([1, 2, 3], [3, 1, 2]) == 0
    assert kolmogorov_smirnov([1, 2, 3], [4, 5]) == 1


def test_norms_of_a_class_by_hand():
    """The norms of the Gaussian data are larger by 1, which is a KS distance of a quarter."""
    shown = {("a", "data"): np.arange(4.0), ("a", "data-gaussian"): np.arange(1.0, 5.0)}
    found = norm_statistics(shown)
    assert found["origin"].tolist() == DATA
    assert found["images"].tolist() == [4, 4]
    np.testing.assert_allclose(found["mean"], [1.5, 2.5])
    np.testing.assert_allclose(found["std"], [np.sqrt(5 / 3)] * 2)
    np.testing.assert_allclose(found["q25"], [0.75, 1.75])
    np.testing.assert_allclose(found["ks_distance"], [0.25, np.nan])

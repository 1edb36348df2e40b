import numpy as np
import pytest

from gaussianity.linear.measures import about_class_means, area, one_minus_ratio, residuals, squared


def test_ratio_and_its_error():
    """a = (1, 3), b = (4, 4): 1 - 1/2, with s.e. sqrt(2 / (2 - 1) / 2) / 4."""
    found = one_minus_ratio([1, 3], [4, 4])
    assert (found.value, found.error) == pytest.approx((0.5, 0.25))
    assert found.ends == pytest.approx((0.01, 0.99))


def test_no_variance_has_no_ratio():
    assert np.isnan(one_minus_ratio([0, 0], [0, 0]).value)


def test_interval_covers():
    """Log-normal residuals of 100 images that are related to the norms they are divided by."""
    generator, hits = np.random.default_rng(0), 0
    truth = 1 - 0.15 * np.exp(0.5 * 0.6**2 - 0.5 * 0.4**2)
    for _ in range(1000):
        u, v = generator.standard_normal((2, 100))
        found = one_minus_ratio(0.15 * np.exp(0.6 * (0.6 * u + 0.8 * v)), np.exp(0.4 * u))
        hits += found.ends[0] <= truth <= found.ends[1]
    assert 0.915 < hits / 1000 < 0.96


def test_class_means_are_left_out():
    rows = np.array([[0.0, 0], [2, 0], [10, 1], [10, 3]])
    assert about_class_means(rows, np.array([0, 0, 1, 1])).tolist() == [1, 1, 1, 1]
    assert squared(rows).tolist() == [0, 4, 101, 109]
    assert residuals(rows, rows + 2).tolist() == [8, 8, 8, 8]


@pytest.mark.parametrize("order", [1, -1])
def test_area_over_the_logarithm(order):
    """int sigma^2 dln sigma from 1 to 2 is 3/2; images at 0 and twice as much: s.e. 3/2."""
    sigmas = np.geomspace(1, 2, 400)[::order]
    mean, error = area(np.stack([0 * sigmas, 2 * sigmas**2], axis=1), sigmas)
    assert (mean, error) == pytest.approx((1.5, 1.5), rel=1e-5)

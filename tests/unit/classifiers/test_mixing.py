"""Orthogonal mixtures: their moments, and samples of a normal distribution."""

import numpy as np
import pytest

from gaussianity.classifiers.mixing import mixed, mixing_rows


@pytest.mark.parametrize(("count", "images"), [(1, 1), (3, 10), (9, 10), (10, 10)])
def test_the_rows_are_orthonormal_with_the_sum_one(count, images):
    mixing = mixing_rows(count, images, np.random.default_rng(0))
    assert np.abs(mixing @ mixing.T - np.eye(count)).max() < 1e-10
    assert np.abs(mixing.sum(axis=1) - 1).max() < 1e-10


def test_a_constant_pixel_keeps_its_value():
    generator = np.random.default_rng(1)
    rows = np.c_[generator.standard_normal((20, 2)), np.full(20, 0.7)]
    found = mixed(mixing_rows(8, 20, generator), [rows[:9], rows[9:]])
    assert np.abs(found[:, 2] - 0.7).max() < 1e-12


def test_all_mixtures_have_the_sample_moments_of_the_images():
    generator = np.random.default_rng(2)
    rows = generator.exponential(size=(12, 3))
    found = mixed(mixing_rows(12, 12, generator), [rows])
    np.testing.assert_allclose(found.mean(axis=0), rows.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(np.cov(found.T), np.cov(rows.T), atol=1e-12)


def test_mixtures_of_normal_images_are_independent_normal_samples():
    # Four images of one pixel: two mixtures have the mean 3, the variance 4, and no covariance.
    generator = np.random.default_rng(3)
    found = np.array(
        [
            mixed(mixing_rows(2, 4, generator), [3 + 2 * generator.standard_normal((4, 1))])[:, 0]
            for _ in range(1500)
        ]
    )
    np.testing.assert_allclose(found.mean(axis=0), 3, atol=5 * 2 / 1500**0.5)
    np.testing.assert_allclose(np.cov(found.T), 4 * np.eye(2), atol=5 * 4 * 2**0.5 / 1500**0.5)
    fourth = ((found - 3) ** 4).mean(axis=0) / 16
    np.testing.assert_allclose(fourth, 3, atol=5 * 96**0.5 / 1500**0.5)


@pytest.mark.parametrize("count", [0, 5])
def test_only_as_many_mixtures_as_images(count):
    with pytest.raises(ValueError, match=f"1 to 4 mixed rows of 4 images, found {count}"):
        mixing_rows(count, 4, np.random.default_rng(0))


def test_the_batches_must_be_all_images():
    mixing = mixing_rows(2, 4, np.random.default_rng(0))
    with pytest.raises(ValueError, match="expected 4 rows to mix, found 3"):
        mixed(mixing, [np.zeros((3, 1))])

"""Gaussian data: their exact distribution, and not only samples."""

import numpy as np
import pytest
from scipy import stats
from sklearn.covariance import LedoitWolf

from gaussianity.io.images import rows as unit_rows
from gaussianity.moments.gaussian import (
    from_covariance,
    from_rows,
    gaussian_samples,
    normals,
    normals_needed,
    shrunk_from_rows,
    uses_rows,
)
from gaussianity.moments.moments import batch_moments, image_moments
from gaussianity.moments.shrinkage import ledoit_wolf, shrunk


def correlated(n, d, seed=0):
    generator = np.random.default_rng(seed)
    return generator.standard_normal((n, d)) @ generator.standard_normal((d, d)) + 3


def batches(rows, parts=3):
    return np.array_split(rows, parts)


@pytest.mark.parametrize(("n", "d"), [(10, 25), (40, 25)])
def test_rows_are_a_root_of_their_covariance(n, d):
    """Both samplers are affine in z: their value at the identity is the root of the covariance."""
    rows = correlated(n, d)
    root = from_rows(np.eye(n), rows.mean(axis=0), batches(rows)) - rows.mean(axis=0)
    np.testing.assert_allclose(root.T @ root, np.cov(rows.T), atol=1e-12)


def test_symmetric_root_of_a_singular_covariance():
    covariance = np.cov(correlated(5, 8).T)
    root = from_covariance(np.eye(8), np.zeros(8), covariance)
    np.testing.assert_allclose(root, root.T, atol=1e-12)
    np.testing.assert_allclose(root @ root, covariance, atol=1e-12)


def test_a_diagonal_covariance_scales_every_pixel():
    z = np.random.default_rng(0).standard_normal((5, 3))
    found = from_covariance(z, np.arange(3.0), np.diag([1.0, 4.0, 0.0]))
    np.testing.assert_allclose(found, np.arange(3) + z * [1, 2, 0], atol=1e-15)


def test_constant_pixels_stay_constant_and_the_rank_stays():
    """Digits have pixels that are always black; least squares would use noise in them."""
    rows = correlated(300, 12) @ np.diag([1.0] * 9 + [0.0] * 3)
    rows[:, 8] = rows[:, 0] - rows[:, 1]
    samples = gaussian_samples(rows, 200, np.random.default_rng(0))
    assert (samples[:, 9:] == 0).all()
    assert np.linalg.matrix_rank(samples - samples.mean(axis=0)) == 8
    assert np.linalg.matrix_rank(rows - rows.mean(axis=0)) == 8


@pytest.mark.parametrize(("n", "d"), [(10, 25), (40, 25)])
def test_samples_have_the_covariance_that_scikit_learn_shrinks(n, d):
    """The samples are affine in z, so their root is exact; scikit-learn divides by n."""
    rows = correlated(n, d)
    expected = LedoitWolf().fit(rows).covariance_ * n / (n - 1)
    moments = batch_moments(rows)
    s = ledoit_wolf(moments, batches(rows))
    variance = np.trace(moments.covariance) / d
    z = np.eye(n + d)
    root = shrunk_from_rows(z, moments.mean, batches(rows), s, variance) - moments.mean
    np.testing.assert_allclose(root.T @ root, expected, atol=1e-12)
    root = from_covariance(np.eye(d), np.zeros(d), shrunk(moments.covariance, s))
    np.testing.assert_allclose(root @ root, expected, atol=1e-12)


def test_shrunk_samples_in_single_precision():
    rows, z = correlated(12, 30), np.random.default_rng(0).standard_normal((5, 42))
    exact = shrunk_from_rows(z, rows.mean(axis=0), batches(rows), 0.3, 2.0)
    found = shrunk_from_rows(z.astype(np.float32), rows.mean(axis=0), [rows], 0.3, 2.0)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, rtol=1e-5, atol=1e-5)
    unshrunk = shrunk_from_rows(z, rows.mean(axis=0), [rows], 0.0, 2.0)
    np.testing.assert_allclose(unshrunk, from_rows(z[:, :12], rows.mean(axis=0), [rows]))


def test_mean_is_the_image_of_zero():
    rows = correlated(6, 9)
    mean = rows.mean(axis=0)
    np.testing.assert_allclose(from_rows(np.zeros((2, 6)), mean, batches(rows))[1], mean)
    np.testing.assert_allclose(from_covariance(np.zeros((2, 9)), mean, np.eye(9))[1], mean)


@pytest.mark.parametrize(("n", "d"), [(200, 6), (7, 30)])
def test_sample_moments_follow_their_exact_distributions(n, d):
    """(m - 1) tr(C^+ S) and m |C^(-1/2) (mean - mu)|^2 are chi-square for samples of N(mu, C)."""
    rows = correlated(n, d)
    covariance, m = np.cov(rows.T), 4000
    samples = gaussian_samples(rows, m, np.random.default_rng(3))
    rank = min(n - 1, d)
    inverse = np.linalg.pinv(covariance, rcond=1e-10, hermitian=True)
    shift = samples.mean(axis=0) - rows.mean(axis=0)
    assert 1e-4 < stats.chi2.cdf(m * shift @ inverse @ shift, rank) < 1 - 1e-4
    spread = (m - 1) * np.trace(inverse @ np.cov(samples.T))
    assert 1e-4 < stats.chi2.cdf(spread, rank * (m - 1)) < 1 - 1e-4


def test_samples_are_normal_and_not_only_of_two_moments():
    samples = gaussian_samples(correlated(50, 4), 4000, np.random.default_rng(5))
    for column in samples.T:
        standard = (column - column.mean()) / column.std()
        assert stats.kstest(standard, "norm").pvalue > 1e-4


def test_convergence_of_the_sample_covariance_is_of_order_one_half():
    """The mean squared error of a covariance is (tr(C)^2 + tr(C^2)) / (m - 1): four times the
    samples halve the root of it."""
    rows = correlated(60, 5)
    covariance = np.cov(rows.T)

    def mean_square_error(m):
        draws = [gaussian_samples(rows, m, np.random.default_rng([m, i])) for i in range(60)]
        return np.mean([((np.cov(s.T) - covariance) ** 2).sum() for s in draws])

    expected = np.trace(covariance) ** 2 + (covariance**2).sum()
    for m in (200, 800):
        assert mean_square_error(m) * (m - 1) / expected == pytest.approx(1, rel=0.25)


def test_a_sample_keeps_its_numbers_in_any_shard():
    whole = normals(0, 1, 2, range(10), 5)
    np.testing.assert_array_equal(normals(0, 1, 2, range(4, 7), 5), whole[4:7])


def test_classes_sources_and_studies_have_streams_of_their_own():
    draws = {normals(s, o, c, [0], 1).item() for s in (0, 1) for o in (0, 1) for c in (0, 1)}
    assert len(draws) == 8


def test_the_number_of_batches_does_not_matter():
    rows, z = correlated(12, 40), np.random.default_rng(0).standard_normal((3, 12))
    one = from_rows(z, rows.mean(axis=0), [rows])
    many = from_rows(z, rows.mean(axis=0), batches(rows, 5))
    np.testing.assert_allclose(one, many, rtol=1e-12)


def test_many_pixels_make_a_factorisation_dearer_than_more_rows():
    """As CIFAR's 5,000 images of 3,072 pixels; studies of fewer than 1,024 pixels never do so."""
    assert uses_rows(5000, 3072)
    assert normals_needed(5000, 3072) == 5000
    assert not uses_rows(9217, 3072)
    assert normals_needed(9217, 3072) == 3072
    assert not uses_rows(1025, 1024)


def test_smaller_side():
    assert uses_rows(10, 10)
    assert not uses_rows(11, 10)
    assert normals_needed(3, 10) == 3
    assert normals_needed(20, 10) == 10
    assert normals_needed(3, 10, shrinkage=0.1) == 13
    assert normals_needed(20, 10, shrinkage=0.1) == 10


def test_missing_rows_are_an_error():
    with pytest.raises(ValueError, match="expected 5 rows, found 4"):
        from_rows(np.ones((1, 5)), np.zeros(3), [np.ones((4, 3))])


def test_normals_of_another_format_are_the_same_numbers():
    exact = normals(0, 1, 2, range(5), 7)
    assert exact.dtype == np.float64
    single = normals(0, 1, 2, range(5), 7, np.float32)
    assert single.dtype == np.float32
    np.testing.assert_array_equal(single, exact.astype(np.float32))


def images_of_eight_bits(n=40, d=90):
    """Rows in [0, 1] with pixels that are always black, always white and always the same grey."""
    stored = np.random.default_rng(4).integers(0, 256, (n, d)).astype(np.uint8)
    stored[:, :3] = [0, 255, 77]
    return stored


def test_single_precision_costs_a_millionth_of_the_range():
    stored, z = images_of_eight_bits(), np.random.default_rng(0).standard_normal((6, 40))
    exact = from_rows(z, (stored / 255).mean(axis=0), batches(stored / 255))
    single = np.float32(stored) / np.float32(255)
    found = from_rows(z.astype(np.float32), (stored / 255).mean(axis=0), batches(single))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("stored_as", [np.uint8, np.float32])
def test_constant_pixels_are_exactly_constant_in_the_samples(dtype, stored_as):
    """With the mean of the moments, for any number of images and any shard."""
    stored = images_of_eight_bits()
    if stored_as == np.float32:
        stored = stored / np.float32(199)  # the grey level needs many bits; white is above 1
    shards = batches(stored.reshape(40, 1, 9, 10), 3)
    rows = [unit_rows(shard, dtype) for shard in shards]
    z = np.random.default_rng(0).standard_normal((50, 40)).astype(dtype)
    samples = from_rows(z, image_moments(shards).mean, rows)
    np.testing.assert_array_equal(samples[:, :3], np.tile(rows[0][0, :3], (50, 1)))
    assert (samples[:, 3:].std(axis=0) > 0.1).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "layout",
    [
        lambda z: z,
        np.asfortranarray,
        lambda z: np.repeat(z, 2, axis=1)[:, ::2],
        lambda z: np.concatenate([z, z])[: len(z)],
        lambda z: z[::-1].copy()[::-1],
    ],
    ids=["rows", "columns", "strided", "part", "backwards"],
)
def test_the_layout_of_the_normals_does_not_matter(layout, dtype):
    """The product is added in place for every memory layout."""
    rows, z = correlated(12, 40), np.random.default_rng(0).standard_normal((5, 12))
    z, rows = z.astype(dtype), rows.astype(dtype)
    mean = rows.mean(axis=0)
    given = layout(z)
    found = from_rows(given, mean, batches(rows, 5))
    expected = mean + z @ (rows - mean) / np.sqrt(11)
    rounding = 20 * np.finfo(dtype).eps
    np.testing.assert_allclose(found, expected, rtol=rounding, atol=rounding * np.abs(rows).max())
    np.testing.assert_array_equal(given, z)  # and z is only read
    assert found.flags.c_contiguous


def test_one_sample_of_one_pixel_and_rows_one_at_a_time():
    rows, z = np.array([[1.0], [3.0]]), np.array([[0.5, -2.0]])
    found = from_rows(z, rows.mean(axis=0), [rows[:1], rows[1:]])
    np.testing.assert_allclose(found, [[2 + 0.5 * -1 + -2.0 * 1]], rtol=1e-15)


def test_rows_of_another_format_are_computed_in_that_of_the_normals():
    rows, z = correlated(12, 40), np.random.default_rng(0).standard_normal((5, 12))
    mean = rows.mean(axis=0)
    exact = from_rows(z, mean, batches(rows))
    found = from_rows(z.astype(np.float32), mean, batches(rows))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, rtol=1e-5, atol=1e-5)

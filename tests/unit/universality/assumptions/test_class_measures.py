"""Measures of a class against closed forms of normal rows."""

import numpy as np
import pytest
from scipy.fft import dct

from gaussianity.universality.assumptions.class_measures import (
    _weighted_variance,
    double_factorial,
    measure_class,
    quadratic_form,
)

DIMENSIONS = (32, 64, 128, 256)
COUNT = 1500


def measured(levels, replicates=10, seed=0):
    generator = np.random.default_rng(seed)
    return measure_class(levels, generator, directions=32, replicates=replicates)


@pytest.fixture(scope="module")
def standard():
    """Independent coordinates of variance 1 / d."""
    drawn = [np.random.default_rng(d).standard_normal((COUNT, d)) for d in DIMENSIONS]
    return [rows / np.sqrt(rows.shape[1]) for rows in drawn]


def test_values_of_independent_coordinates_are_the_references(standard):
    """Moments (q - 1)!! d^(-q/2), the variance 2 / d of forms with C^2 = I, and the upper edge."""
    measures, traces = measured(standard)
    np.testing.assert_allclose(traces, 1, rtol=0.01)
    for q in (2, 4, 6):
        of_order = measures[f"projection_{q}"]
        expected = double_factorial(q) * np.power(DIMENSIONS, -q / 2)
        np.testing.assert_allclose(of_order.reference, expected)
        np.testing.assert_allclose(of_order.values[0], expected, rtol=0.03 * q)
    for name in ("norm_variance", "form_variance"):
        np.testing.assert_allclose(measures[name].values[0], 2 / np.array(DIMENSIONS), rtol=0.2)
        np.testing.assert_allclose(measures[name].reference, 2 / np.array(DIMENSIONS))
    edge = measures["principal_2"]
    np.testing.assert_allclose(edge.values[0], edge.reference, rtol=0.06)
    np.testing.assert_allclose(measures["mean"].values[0], 1 / COUNT, rtol=0.6)


def test_scale_does_not_matter(standard):
    found, traces = measured(standard)
    scaled, larger = measured([255 * rows for rows in standard])
    np.testing.assert_allclose(larger, 255**2 * traces, rtol=1e-10)
    for name, measure in found.items():
        np.testing.assert_allclose(scaled[name].values, measure.values, rtol=1e-8)


@pytest.mark.parametrize("count", [40, 1500])
def test_spectrum_is_that_of_the_covariance(count):
    """There are fewer rows than dimensions, or more; the resampled values scatter around it."""
    rows = np.random.default_rng(0).standard_normal((count, 64)) * np.sqrt(np.arange(1.0, 65) ** -1)
    measures = measured([rows[:, :16], rows], replicates=50)[0]
    found = measures["spectrum"]
    covariance = np.cov(rows.T, ddof=0)
    expected = np.linalg.eigvalsh(covariance)[::-1][: len(found.sizes)] / covariance.trace()
    np.testing.assert_allclose(found.values[0], expected, rtol=1e-8)
    np.testing.assert_allclose(found.reference, 1 / 64)
    np.testing.assert_allclose(measures["principal_2"].values[:, 1], found.values[:, 0])
    reference = [(1 + np.sqrt(d / count)) ** 2 / d for d in (16, 64)]
    np.testing.assert_allclose(measures["principal_2"].reference, reference)
    np.testing.assert_array_equal(found.sizes, np.arange(1, min(count - 1, 64) + 1))
    assert found.values[1:, 0].std() == pytest.approx(expected[0] * np.sqrt(2 / count), rel=0.5)


def test_quadratic_form_is_of_a_symmetric_orthogonal_matrix():
    """x^T C x with C = D F^T S F D by hand, and its variance 2 tr(C Sigma C Sigma)."""
    d = 24
    first, second = np.random.default_rng(3).choice([-1.0, 1.0], size=(2, d))
    transform = dct(np.eye(d), axis=0, norm="ortho")
    matrix = np.diag(first) @ transform.T @ np.diag(second) @ transform @ np.diag(first)
    np.testing.assert_allclose(matrix @ matrix, np.eye(d), atol=1e-12)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-12)
    variances = np.arange(1.0, d + 1) ** -1
    rows = np.random.default_rng(0).standard_normal((40000, d)) * np.sqrt(variances)
    found = quadratic_form(rows, np.random.default_rng(3))
    expected = np.einsum("ni,ij,nj->n", rows, matrix, rows)
    np.testing.assert_allclose(found, expected, atol=1e-10)
    sigma = np.diag(variances)
    variance = 2 * np.trace(matrix @ sigma @ matrix @ sigma)
    assert found.var() == pytest.approx(variance, rel=0.06)


def test_double_factorials():
    assert [double_factorial(q) for q in (2, 4, 6, 8)] == [1, 3, 15, 105]


def test_streams_decide_the_replicates_alone(standard):
    first, again, other = (measured(standard[:2], seed=seed)[0] for seed in (0, 0, 1))
    for name, measure in first.items():
        np.testing.assert_array_equal(measure.values, again[name].values)
    np.testing.assert_array_equal(first["mean"].values[0], other["mean"].values[0])
    assert (first["mean"].values[1:] != other["mean"].values[1:]).all()


def test_one_image_is_too_few():
    with pytest.raises(ValueError, match="at least 2 images of a class, found 1"):
        measured([np.ones((1, 4))])


@pytest.mark.parametrize("grey", [0.0, 0.3])
def test_images_must_differ(grey):
    with pytest.raises(ValueError, match="images that differ, found all the same"):
        measured([np.full((5, 4), grey)])


def test_one_level_is_that_of_several(standard):
    found, traces = measured(standard[:1])
    several, all_traces = measured(standard[:2])
    assert traces == all_traces[0]
    np.testing.assert_array_equal(found["mean"].values[:, 0], several["mean"].values[:, 0])
    np.testing.assert_array_equal(found["spectrum"].sizes, np.arange(1, 33))


def test_moments_of_the_rows_of_a_class_by_hand():
    """Rows of mean (3, 0) and total variance 2: the mean is 9 / 2 of it."""
    rows = np.array([[4.0, 1], [2, -1], [4, -1], [2, 1]])
    measures, traces = measured([rows])
    assert traces == pytest.approx([2])
    assert measures["mean"].values[0] == pytest.approx([4.5])
    assert measures["norm_variance"].values[0] == pytest.approx([0], abs=1e-15)
    assert measures["principal_2"].values[0] == pytest.approx([0.5])


def test_weighted_variances_keep_their_digits_far_from_zero():
    values = np.random.default_rng(0).standard_normal((50, 3))
    weights = np.random.default_rng(1).dirichlet(np.ones(50), 4)
    expected = weights @ values**2 - (weights @ values) ** 2
    found = _weighted_variance(values + 1e8, weights)
    np.testing.assert_allclose(found, expected, rtol=1e-5)

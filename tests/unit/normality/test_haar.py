"""Whitened rows of normal images are Haar."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from gaussianity.normality.haar import haar_scores, whitened
from gaussianity.normality.statistics import nested_parts

IDENTITY = np.eye(4)


def test_whitened_rows_have_mean_0_and_covariance_1():
    rows = np.random.default_rng(0).gamma(2.0, size=(50, 4)) @ np.triu(np.ones((4, 4))) + 7
    found = whitened(rows)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(found.T @ found / 50, IDENTITY, atol=1e-12)


def test_whitening_keeps_the_axes():
    """The symmetric root of a diagonal covariance is diagonal."""
    rows = whitened(np.random.default_rng(0).standard_normal((50, 4)))
    np.testing.assert_allclose(whitened(rows * [1, 2, 3, 4] + 5), rows, atol=1e-12)


def test_haar_scores_are_whitened_normals():
    found = haar_scores(30, 4, np.random.default_rng(3))
    np.testing.assert_array_equal(
        found, whitened(np.random.default_rng(3).standard_normal((30, 4)))
    )


@pytest.mark.parametrize("rows", [np.eye(6)[:, :2], np.ones((6, 2)), np.zeros((6, 0))])
def test_rows_of_lower_rank_are_whitened_within_their_span(rows):
    """The covariance of whitened rows is the projection onto the span."""
    rows = np.column_stack([rows, rows.sum(axis=1)])
    found = whitened(rows)
    projection = found.T @ found / 6
    np.testing.assert_allclose(projection @ projection, projection, atol=1e-12)
    assert round(np.trace(projection)) == np.linalg.matrix_rank(rows - rows.mean(axis=0))


def test_principal_scores_of_normal_images_are_haar():
    """100 images of 500 pixels: the parts of their scores have the distribution of Haar draws."""
    deviations = np.arange(1, 501) ** -0.5
    generator, found, drawn = np.random.default_rng(1), [], []
    for _ in range(150):
        rows = generator.standard_normal((100, 500)) * deviations + 3
        left = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[0]
        found.append(nested_parts(10 * left[:, :10])[-1])
        drawn.append(nested_parts(haar_scores(100, 10, generator))[-1])
    assert (ks_2samp(found, drawn).pvalue > 1e-3).all()

"""Clipped Gaussian data along the directions of the images."""

import numpy as np
import pytest
from normality_cases import in_levels, normal_rows, null_of, split

from gaussianity.distribution.class_normality import Generators
from gaussianity.distribution.clipping import clipped_row
from gaussianity.distribution.clipping.clipped_row import POOL, along_directions, clipped_measures
from gaussianity.distribution.clipping.clipping import clipped_gaussian
from gaussianity.distribution.network.network_accuracy import NetworkAccuracy
from gaussianity.distribution.principal_scores import principal_scores
from gaussianity.moments.moments import stream_moments


@pytest.fixture(scope="module")
def images():
    return in_levels(0.3 * normal_rows(200, 6, np.random.default_rng(0), mean=1))


def test_scores_and_variances_are_along_the_directions_of_the_images(monkeypatch, images):
    """Of 90 samples, drawn 40 at a time: projections, their variances and the total of all."""
    monkeypatch.setattr(clipped_row, "CHUNK", 40)
    principal = principal_scores(split(np.concatenate([images, images[:3]]), 100), 3)
    data = clipped_gaussian(images.mean(axis=0), np.cov(images.T, bias=True), principal.step)
    found = along_directions(data, 90, principal, np.random.default_rng(1))
    generator = np.random.default_rng(1)
    rows = np.concatenate([data.samples(n, generator) for n in (40, 40, 10)])
    projected = rows @ principal.directions.T
    np.testing.assert_allclose(found.variances, projected.var(axis=0))
    np.testing.assert_allclose(found.mean, rows.mean(axis=0))
    assert found.total == pytest.approx(rows.var(axis=0).sum())
    np.testing.assert_allclose(found.scores.T @ found.scores / 90, np.eye(3), atol=1e-10)
    np.testing.assert_allclose(found.scores.mean(axis=0), 0, atol=1e-10)
    # The symmetric root of the covariance is between the scores and the projections.
    shared = found.scores.T @ (projected - projected.mean(axis=0)) / 90
    np.testing.assert_allclose(shared, shared.T, atol=1e-12)
    np.testing.assert_allclose(shared @ shared, np.cov(projected.T, bias=True), atol=1e-12)
    assert (principal.repeated, found.repeated) == (3, 0)
    np.testing.assert_array_equal(found.directions, principal.directions)


def test_clipped_data_are_compared_with_gaussian_data_and_the_images_with_a_pool(
    monkeypatch, images
):
    asked = []

    def watched(scores, generator, other=None):
        asked.append((scores, other))
        return NetworkAccuracy(0.1 * len(asked), 0.01, (1, 1))

    monkeypatch.setattr(clipped_row, "network_accuracy", watched)
    principal, moments = principal_scores(split(images, 100), 3), stream_moments([images])
    generators = Generators(*np.random.default_rng(0).spawn(7))
    row, directions, beyond = clipped_measures(principal, moments, null_of(200, 3), generators, 0.5)
    (drawn, none), (of_images, pool) = asked
    assert drawn.shape == (200, 3)
    assert none is None
    assert of_images is principal.scores
    assert pool.shape == (POOL * 200, 3)
    assert (row["accuracy"], row["accuracy_low"], row["accuracy_high"]) == (
        pytest.approx((0.1, 0.1 - 1.96 * 0.01, 0.1 + 1.96 * 0.01))
    )
    assert beyond == pytest.approx(
        dict(beyond=0.2, beyond_low=0.2 - 1.96 * 0.01, beyond_high=0.2 + 1.96 * 0.01)
    )
    assert (row["kind"], row["repeated"], set(directions["kind"])) == ("clipped", 0, {"clipped"})
    expected = clipped_gaussian(moments.mean, np.cov(images.T, bias=True), principal.step)
    assert row["covariance_error"] == pytest.approx(expected.covariance_error)

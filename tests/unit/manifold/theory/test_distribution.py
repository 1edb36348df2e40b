"""Data on a manifold have the moments and geometry of their distribution."""

import numpy as np
import pytest
from manifold_cases import distribution

from gaussianity.manifold.theory.activations import ACTIVATIONS
from gaussianity.manifold.theory.distribution import (
    Manifold,
    balanced_labels,
    random_manifold,
    random_weights,
)
from gaussianity.streams import stream


def generator(index=0):
    return stream(0, "control", index, 0)


@pytest.mark.parametrize("kappa", [0.5, 2.0])
def test_isometric_weights_have_orthogonal_columns_of_equal_length(kappa):
    weights = random_weights(distribution(kappa=kappa, isometric=True), generator())
    np.testing.assert_allclose(weights.T @ weights, 2 * kappa * np.eye(20), atol=1e-13)


def test_independent_weights_have_the_variance_kappa_over_p():
    weights = random_weights(distribution(400, 100, kappa=0.25), generator())
    assert weights.shape == (400, 100)
    assert weights.var() * 100 == pytest.approx(0.25, rel=0.03)  # deviation 0.7 %


def test_pre_activations_have_the_laws_deviation_and_means_their_signal():
    given = distribution(500, 250, separation=1.5, kappa=0.7)
    manifold = random_manifold(given, generator(1))
    assert manifold.centre @ manifold.centre == pytest.approx(1.5**2 * 250)
    means = manifold.weights @ manifold.centre
    assert means @ means == pytest.approx(given.signal, rel=0.25)  # deviation 6 %
    x = manifold.sample(balanced_labels(2000), generator(2))
    assert x.var() == pytest.approx(given.deviation**2, rel=0.15)


def test_classes_are_around_plus_and_minus_the_centre():
    manifold = Manifold(np.eye(3), np.array([8.0, -8.0, 0.0]), ACTIVATIONS["sign"])
    labels = balanced_labels(6)
    assert labels.tolist() == [0, 1, 0, 1, 0, 1]
    signs = manifold.sample(labels, generator(3))[:, :2]
    np.testing.assert_array_equal(signs, [[1, -1], [-1, 1]] * 3)


def test_the_first_rows_do_not_depend_on_how_many_follow():
    manifold = random_manifold(distribution(activation="tanh", separation=1.0), generator())
    few, many = (manifold.sample(balanced_labels(n), generator(4)) for n in (5, 50))
    np.testing.assert_allclose(many[:5], few, rtol=1e-12)


def test_centred_data_have_the_covariance_of_their_gaussian_equivalent():
    """Cov x ~ rho_1^2 F F^T + rho_*^2 I, in its trace and along a column of F."""
    given = distribution(60, 30, "tanh2x")
    manifold = random_manifold(given, generator(5))
    x = manifold.sample(balanced_labels(20000), generator(6))
    _, slope, rest = given.coefficients
    assert x.var(axis=0).mean() == pytest.approx(slope**2 + rest**2, rel=0.05)
    along = manifold.weights[:, 0] / np.linalg.norm(manifold.weights[:, 0])
    image = manifold.weights.T @ along
    expected = slope**2 * image @ image + rest**2
    assert (x @ along).var() == pytest.approx(expected, rel=0.1)


def test_impossible_laws():
    with pytest.raises(ValueError, match="p <= d, found p = 50 and d = 40"):
        distribution(p=50, isometric=True)
    with pytest.raises(ValueError, match="must be positive, found 20 and 0"):
        distribution(kappa=0.0)
    with pytest.raises(ValueError, match=r"must be positive, found 0 and 1\.0"):
        distribution(p=0)


def test_one_latent_coordinate_and_little_variance_are_allowed():
    assert distribution(8, 1, kappa=0.1).p == 1

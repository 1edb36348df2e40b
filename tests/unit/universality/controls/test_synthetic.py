"""Classes of known distribution, against closed forms and Monte Carlo."""

import numpy as np
import pytest
from scipy import stats
from sklearn.covariance import LedoitWolf, ledoit_wolf_shrinkage

from gaussianity.classifiers import least_squares
from gaussianity.universality.controls import synthetic


@pytest.fixture
def pair():
    return synthetic.separated_pair(6, 1.5, np.random.default_rng(0))


def test_power_law_root():
    root = synthetic.power_law_root(30, 0.7, np.random.default_rng(0))
    values = np.sort(np.linalg.eigvalsh(root @ root.T))[::-1]
    assert values.sum() == pytest.approx(30)
    np.testing.assert_allclose(values / values[0], np.arange(1, 31) ** -0.7)


def test_the_pair_is_as_far_apart_as_asked(pair):
    """The Mahalanobis distance under the mean covariance, which no direction exceeds."""
    means, roots = pair
    covariance = (roots @ roots.mT).mean(axis=0)
    w = synthetic.discriminant(means[0] - means[1], roots)
    gap = means[0] - means[1]
    assert w @ gap / np.sqrt(w @ covariance @ w) == pytest.approx(1.5)
    np.testing.assert_allclose(means.sum(axis=0), 0, atol=1e-15)
    assert np.abs(roots[0] @ roots[0].T - roots[1] @ roots[1].T).max() > 0.1


def test_scattered_classes_differ_in_mean_and_covariance():
    means, roots = synthetic.scattered_classes(64, 0.3, np.random.default_rng(0))
    assert means.shape == (4, 64)
    whitened = np.linalg.solve(roots, means[..., None])[..., 0] / 0.3
    assert (whitened**2).mean() == pytest.approx(1, abs=5 * np.sqrt(2 / 256))


def test_images_are_the_mean_and_the_root_times_the_coordinates():
    generator = np.random.default_rng(0)
    means, roots = generator.standard_normal((2, 3)), generator.standard_normal((2, 3, 3))
    z = generator.standard_normal((2, 4, 3))
    found = synthetic.images_of(means, roots, z)
    for k, i in np.ndindex(2, 4):
        np.testing.assert_allclose(found[k, i], means[k] + roots[k] @ z[k, i])


@pytest.mark.parametrize(
    "latent",
    [
        synthetic.normal_latent,
        synthetic.uniform_latent,
        synthetic.two_mode_latent,
        synthetic.heavy_latent,
    ],
)
def test_every_latent_has_the_means_and_covariances_of_the_classes(latent, pair):
    n = 200_000
    images = synthetic.images_of(*pair, latent((2, n, 6), *pair, np.random.default_rng(1)))
    means, covariances = synthetic.fitted(images)
    np.testing.assert_allclose(means, pair[0], atol=5 * np.sqrt(6 / n))
    np.testing.assert_allclose(covariances, pair[1] @ pair[1].mT, atol=5 * 6 * np.sqrt(2 / n))


def test_two_modes_along_the_direction_that_decides_and_normal_across(pair):
    means, roots = pair
    images = synthetic.images_of(
        *pair, synthetic.two_mode_latent((2, 5000, 6), *pair, np.random.default_rng(2))
    )
    w = synthetic.discriminant(means[0] - means[1], roots)
    for k in (0, 1):
        covariance = roots[k] @ roots[k].T
        score = (images[k] - means[k]) @ w / np.sqrt(w @ covariance @ w)
        narrow = np.sqrt(1 - synthetic.CARRIED**2)

        def distribution(t, narrow=narrow):
            modes = [(t - mode) / narrow for mode in (-synthetic.CARRIED, synthetic.CARRIED)]
            return np.mean([stats.norm.cdf(mode) for mode in modes], axis=0)

        assert stats.kstest(score, distribution).pvalue > 1e-3
        assert stats.kstest(score, "norm").pvalue < 1e-20
        other = np.eye(6)[0] - w * (covariance @ w)[0] / (w @ covariance @ w)  # uncorrelated
        across = (images[k] - means[k]) @ other
        assert stats.kstest(across / np.sqrt(other @ covariance @ other), "norm").pvalue > 1e-3


def test_fitted_is_numpys_covariance_and_scikit_learns_shrinkage():
    images = np.random.default_rng(0).standard_normal((3, 2, 9, 5))
    means, covariances = synthetic.fitted(images)
    shrunk = synthetic.fitted(images, ledoit_wolf_shrinkage)[1]
    for pool in range(3):
        for k in range(2):
            rows = images[pool, k]
            np.testing.assert_allclose(means[pool, k], rows.mean(axis=0), atol=1e-15)
            np.testing.assert_allclose(covariances[pool, k], np.cov(rows.T), atol=1e-14)
            expected = LedoitWolf().fit(rows).covariance_ * 9 / 8
            np.testing.assert_allclose(shrunk[pool, k], expected, atol=1e-14)
    alone = synthetic.fitted(images[0], ledoit_wolf_shrinkage)[1]
    np.testing.assert_allclose(alone, shrunk[0], atol=1e-14)


def test_roots_of_singular_covariances():
    images = np.random.default_rng(0).standard_normal((2, 4, 7))
    _, covariances = synthetic.fitted(images)
    roots = synthetic.symmetric_roots(covariances)
    np.testing.assert_allclose(roots, roots.mT, atol=1e-14)
    np.testing.assert_allclose(roots @ roots, covariances, atol=1e-7)


@pytest.mark.parametrize(("ridge", "n"), [(0.0, 8), (3.0, 8), (3.0, 2)])
def test_weights_are_those_of_least_squares(ridge, n):
    images = np.random.default_rng(0).standard_normal((2, 3, n, 5))
    found = synthetic.least_squares_weights(images, ridge)
    for stack, weights in zip(images, found, strict=True):
        targets = np.repeat(np.eye(3), n, axis=0)
        expected = least_squares.solve(stack.reshape(3 * n, 5), targets, ridge)
        np.testing.assert_allclose(weights, expected, atol=1e-10)


@pytest.mark.parametrize("classes", [2, 4])
def test_gaussian_accuracy_is_the_sampled_one(classes):
    generator = np.random.default_rng(classes)
    roots = generator.standard_normal((classes, 5, 5)) / 2
    means = generator.standard_normal((classes, 5)) / 2
    weights = generator.standard_normal((2, 5, classes)) + means.T
    found = synthetic.gaussian_accuracy(weights, means, roots @ roots.mT)
    images = synthetic.images_of(means, roots, generator.standard_normal((classes, 200_000, 5)))
    sampled = [synthetic.sampled_accuracy(w, images) for w in weights]
    np.testing.assert_allclose(found, sampled, atol=0.006)


@pytest.mark.parametrize(
    ("latent", "accuracy"),
    [
        (synthetic.heavy_latent, synthetic.heavy_accuracy),
        (synthetic.two_mode_latent, synthetic.two_mode_accuracy),
    ],
)
def test_accuracies_of_other_laws_are_the_sampled_ones(latent, accuracy, pair):
    """Weights of the discriminant, and weights that are far from it."""
    generator = np.random.default_rng(3)
    best = synthetic.discriminant(pair[0][0] - pair[0][1], pair[1])
    contrast = np.stack([best, best + 0.3 * generator.standard_normal(6)])
    weights = np.stack([contrast, -contrast], axis=-1)
    images = synthetic.images_of(*pair, latent((2, 200_000, 6), *pair, generator))
    sampled = [synthetic.sampled_accuracy(w, images) for w in weights]
    np.testing.assert_allclose(accuracy(weights, *pair), sampled, atol=0.004)


def test_heavy_tails_are_students():
    z = synthetic.heavy_latent((1, 20_000, 3), None, None, np.random.default_rng(0))
    assert stats.kstest(z[0, :, 1] / np.sqrt(3 / 5), stats.t(5).cdf).pvalue > 1e-3


def test_gaussian_accuracy_of_two_classes_is_a_phi():
    """Two classes at +-1.5/2 in a direction, and weights of that direction."""
    means = np.array([[0.75, 0, 0], [-0.75, 0, 0]])
    weights = np.stack([[1.0, 0, 0], [-1.0, 0, 0]], axis=1)
    found = synthetic.gaussian_accuracy(weights, means, np.stack([np.eye(3)] * 2))
    assert found == pytest.approx(stats.norm.cdf(0.75), rel=1e-12)


def test_sampled_accuracy_counts_each_class():
    images = np.array([[[1.0, 0], [0, 1]], [[0, 1], [0, 2]]])  # one of two right, two of two
    assert synthetic.sampled_accuracy(np.eye(2), images) == 0.75
    several = np.stack([images, images, -images[:, ::-1]])
    several[1, 0, 1] = [3, 1]  # now all of the first class are right
    weights = np.stack([np.eye(2)] * 3)
    assert synthetic.sampled_accuracy(weights, several).tolist() == [0.75, 1, 0.25]

"""Accuracy under the fitted mixture against closed forms and against samples of it."""

import numpy as np
import pytest
from scipy.stats import norm

from gaussianity.fitted_accuracy import fitted_accuracies
from gaussianity.gaussian import gaussian_samples
from gaussianity.score_laws import mixture_accuracy
from gaussianity.shrinkage import shrunk


@pytest.fixture
def classes():
    generator = np.random.default_rng(0)
    return [generator.standard_normal((500, 6)) @ np.diag(k + np.ones(6)) + k for k in range(3)]


def test_two_classes_are_a_normal_distribution_function(classes):
    """One output w: class 1 where w x > 0. Two outputs: where the second is larger."""
    zero, one = classes[0], classes[1]
    w = np.random.default_rng(1).standard_normal(6)

    def positive(rows):
        scores = rows @ w
        return norm.cdf(scores.mean() / scores.std(ddof=1))

    expected = (1 - positive(zero) + positive(one)) / 2
    rows = ([zero[:200], zero[200:]], [one])
    found = fitted_accuracies([w[None], np.stack([0 * w, w])], rows)
    np.testing.assert_allclose(found, [expected, expected], rtol=1e-10)


def test_agrees_with_samples_of_the_mixture(classes):
    generator = np.random.default_rng(2)
    weights = [generator.standard_normal((3, 6)) for _ in range(2)]
    found = fitted_accuracies(weights, [[rows] for rows in classes])
    samples = [gaussian_samples(rows, 100_000, generator) for rows in classes]
    for w, accuracy in zip(weights, found, strict=True):
        shares = [((x @ w.T).argmax(axis=1) == k).mean() for k, x in enumerate(samples)]
        assert accuracy == pytest.approx(np.mean(shares), abs=0.004)  # 4 standard errors


def test_sharding_does_not_matter(classes):
    w = np.random.default_rng(3).standard_normal((3, 6))
    whole = fitted_accuracies([w], [[rows] for rows in classes])
    parts = fitted_accuracies([w], [np.array_split(rows, 7) for rows in classes])
    np.testing.assert_allclose(whole, parts, rtol=1e-10)


def test_shrinkage_is_that_of_the_covariance(classes):
    """Against the (d, d) matrices themselves."""
    w, shrinkages = np.random.default_rng(4).standard_normal((3, 6)), [0.0, 0.3, 1.0]
    found = fitted_accuracies([w], [np.array_split(rows, 3) for rows in classes], shrinkages)
    shrunken = [shrunk(np.cov(rows.T), s) for rows, s in zip(classes, shrinkages, strict=True)]
    means = np.stack([w @ rows.mean(axis=0) for rows in classes])
    expected = mixture_accuracy(means, np.stack([w @ c @ w.T for c in shrunken]))
    np.testing.assert_allclose(found, [expected], rtol=1e-9)

"""The Gaussian denoiser against dense formulas, explicit densities and limits."""

import math

import numpy as np
import pytest
import torch
from scipy.stats import multivariate_normal
from small_unets import noisy, one_hot

from gaussianity.denoisers.gaussian import GaussianDenoiser


@pytest.mark.parametrize("sigma", [0.01, 0.5, 20.0])
def test_gaussian_denoiser_is_the_posterior_mean(gaussian_denoiser, gaussian_classes, sigma):
    x = noisy(4, (3, 2, 2), 1 + sigma)
    found = gaussian_denoiser(x, sigma, one_hot(0, 1, 1, 0)).reshape(4, -1).numpy()
    for row, given, k in zip(found, x.reshape(4, -1).numpy(), (0, 1, 1, 0), strict=True):
        mean, covariance = gaussian_classes[k].mean(axis=0), np.cov(gaussian_classes[k].T)
        inverse = np.linalg.inv(covariance + sigma**2 * np.eye(12))
        np.testing.assert_allclose(row, mean + covariance @ inverse @ (given - mean), rtol=1e-9)


def test_gaussian_denoiser_of_fewer_images_than_pixels():
    rows = np.random.default_rng(0).standard_normal((5, 12))
    denoiser = GaussianDenoiser.of_classes([rows], (3, 2, 2))
    assert denoiser.variances.shape == (1, 4)
    x = noisy(1, (3, 2, 2), 1.0)
    covariance, mean = np.cov(rows.T), rows.mean(axis=0)
    expected = mean + covariance @ np.linalg.inv(covariance + 0.25 * np.eye(12)) @ (
        x.reshape(-1).numpy() - mean
    )
    np.testing.assert_allclose(denoiser(x, 0.5, torch.ones(1, 1)).flatten(), expected, rtol=1e-9)


@pytest.mark.parametrize("sigma", [0.3, 3.0])
def test_without_labels_it_is_the_posterior_mean_of_the_mixture(
    gaussian_denoiser, gaussian_classes, sigma
):
    x = noisy(5, (3, 2, 2), 1.0)
    flat = x.reshape(5, -1).numpy()
    densities = np.stack(
        [
            multivariate_normal(c.mean(axis=0), np.cov(c.T) + sigma**2 * np.eye(12)).pdf(flat)
            for c in gaussian_classes
        ]
    )
    weights = densities / densities.sum(axis=0)
    each = [gaussian_denoiser(x, sigma, one_hot(k, k, k, k, k)).flatten(1).numpy() for k in (0, 1)]
    expected = sum(w[:, None] * mean for w, mean in zip(weights, each, strict=True))
    np.testing.assert_allclose(gaussian_denoiser(x, sigma).flatten(1), expected, rtol=1e-8)


def test_limits_of_the_gaussian_denoiser(gaussian_denoiser, gaussian_classes):
    x = noisy(1, (3, 2, 2), 1.0)
    torch.testing.assert_close(gaussian_denoiser(x, 1e-9, one_hot(0)), x)
    mean = torch.from_numpy(gaussian_classes[0].mean(axis=0)).reshape(1, 3, 2, 2)
    torch.testing.assert_close(gaussian_denoiser(x, 1e6, one_hot(0)), mean)


def test_denoiser_of_moments_is_that_of_the_images(gaussian_classes, gaussian_denoiser):
    means = [rows.mean(axis=0) for rows in gaussian_classes]
    covariances = [np.cov(rows.T) for rows in gaussian_classes]
    made = GaussianDenoiser.of_moments(means, covariances, (3, 2, 2))
    x = torch.randn(5, 3, 2, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    torch.testing.assert_close(made(x, 0.7), gaussian_denoiser(x, 0.7))
    labels = torch.eye(2)[[0, 1, 1, 0, 1]]
    torch.testing.assert_close(made(x, 0.7, labels), gaussian_denoiser(x, 0.7, labels))


def test_class_probabilities_are_those_of_the_densities(gaussian_classes, gaussian_denoiser):
    x = torch.randn(6, 3, 2, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    densities = [
        multivariate_normal(rows.mean(axis=0), np.cov(rows.T) + 0.25 * np.eye(12)).pdf(x.flatten(1))
        for rows in gaussian_classes
    ]
    expected = torch.from_numpy(np.stack(densities, axis=1))
    expected = expected / expected.sum(dim=1, keepdim=True)
    torch.testing.assert_close(gaussian_denoiser.class_probabilities(x, 0.5), expected)


def test_jacobian_between_two_classes_of_equal_variance():
    """At the origin both classes have the weight 1/2 and the means +-m s^2 / (v + s^2). Then the
    Jacobian is v / (v + s^2) I + m m^T s^2 / (v + s^2)^2."""
    m, v, sigma = np.array([1.0, -0.5, 0.0, 2.0]), 0.3, 0.8
    made = GaussianDenoiser.of_moments([m, -m], [v * np.eye(4)] * 2, (1, 2, 2))
    found = torch.autograd.functional.jacobian(
        lambda flat: made(flat.reshape(1, 1, 2, 2), sigma).flatten(), torch.zeros(4).double()
    )
    total = v + sigma**2
    expected = v / total * np.eye(4) + np.outer(m, m) * sigma**2 / total**2
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


def test_draws_have_their_classes_moments(gaussian_denoiser):
    labels = torch.arange(40000) % 2
    rows = gaussian_denoiser.draws(labels, np.random.default_rng(0))
    for k in range(2):
        vectors, variances = gaussian_denoiser.vectors[k], gaussian_denoiser.variances[k]
        coordinates = (rows[labels == k] - gaussian_denoiser.mean[k]) @ vectors.T / variances.sqrt()
        assert coordinates.mean(dim=0).abs().max() < 5 / math.sqrt(20000)
        torch.testing.assert_close(
            torch.cov(coordinates.T), torch.eye(12, dtype=torch.float64), atol=0.05, rtol=0
        )


def test_a_variance_below_zero_by_rounding_counts_as_zero():
    made = GaussianDenoiser.of_moments(np.zeros((1, 2)), [np.diag([1.0, -1e-15])], (1, 1, 2))
    assert made.variances.tolist() == [[0.0, 1.0]]

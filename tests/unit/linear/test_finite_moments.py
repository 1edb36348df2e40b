import numpy as np
import pytest

from gaussianity.linear.finite_moments import (
    effective_noise,
    expected_agreement,
    root_means,
    wiener_losses,
)

SPECTRA = [(64, 50, 1.0), (64, 400, 1.0), (100, 101, 0.7)]


def spectrum(d, exponent):
    return np.arange(1.0, d + 1) ** -exponent


def sample(variances, n, generator):
    """Mean, eigenvalues and eigenvectors (as columns) of n normal rows."""
    rows = generator.standard_normal((n, len(variances))) * np.sqrt(variances)
    mean = rows.mean(axis=0)
    values, vectors = np.linalg.eigh((rows - mean).T @ (rows - mean) / (n - 1))
    return mean, values.clip(0), vectors


def test_effective_noise_solves_its_equation():
    variances, z = spectrum(200, 1.0), np.geomspace(1e-4, 10, 9)
    kappa = effective_noise(z, variances, 59)
    each = (variances / (variances + kappa[:, None])).sum(axis=1)
    np.testing.assert_allclose(kappa, z + kappa * each / 59, rtol=1e-12)


def test_fewer_rows_than_dimensions_act_as_noise():
    """kappa(0) solves sum l / (l + kappa) = n - 1; with more rows than dimensions it is 0."""
    variances = spectrum(200, 1.0)
    kappa = effective_noise(0.0, variances, 59)
    assert np.sum(variances / (variances + kappa)) == pytest.approx(59)
    assert effective_noise(0.0, variances, 400) == pytest.approx(0, abs=1e-6)


def test_equal_variances_have_a_closed_form():
    """kappa^2 + kappa (v - z - v d / m) - z v = 0."""
    v, d, m, z = 2.0, 30, 50, 0.4
    b = v - z - v * d / m
    expected = (-b + np.sqrt(b**2 + 4 * z * v)) / 2
    assert effective_noise(z, np.full(d, v), m) == pytest.approx(expected)


@pytest.mark.parametrize(("d", "n", "exponent"), SPECTRA)
def test_the_mean_wiener_filter_has_more_noise(d, n, exponent):
    variances, generator = spectrum(d, exponent), np.random.default_rng(0)
    factors = []
    for _ in range(150):
        _, values, vectors = sample(variances, n, generator)
        factors.append(vectors**2 @ (values / (values + 0.04)))
    expected = variances / (variances + effective_noise(0.04, variances, n - 1))
    np.testing.assert_allclose(np.mean(factors, axis=0), expected, atol=0.03)


@pytest.mark.parametrize("sigma", [0.14, 0.55, 1.4])
def test_losses_on_own_and_on_other_images(sigma):
    variances, generator, n = spectrum(100, 1.0), np.random.default_rng(1), 60
    found = []
    for _ in range(150):
        mean, values, vectors = sample(variances, n, generator)
        w = values / (values + sigma**2)
        noise = sigma**2 * np.sum(w**2)
        own = np.sum((1 - w) ** 2 * values) * (n - 1) / n + noise
        other = (vectors**2).T @ variances + (mean @ vectors) ** 2
        found.append((own, np.sum((1 - w) ** 2 * other) + noise))
    np.testing.assert_allclose(
        np.mean(found, axis=0), wiener_losses(variances, n, sigma), rtol=0.01
    )


def test_many_rows_have_the_true_loss():
    variances = spectrum(64, 1.0)
    true = np.sum(variances * 0.25 / (variances + 0.25))
    np.testing.assert_allclose(wiener_losses(variances, 10**7, 0.5), true, rtol=1e-5)


def test_roots_of_many_rows_are_the_true_roots():
    variances = spectrum(64, 1.0)
    np.testing.assert_allclose(root_means(variances, 10**8), np.sqrt(variances), rtol=1e-4)


@pytest.mark.parametrize(("n", "expected"), [(50, 0.680), (150, 0.901), (600, 0.976)])
def test_agreement_of_two_sets(n, expected):
    """The images of the same noise under the moments of disjoint sets of n rows, simulated."""
    variances = spectrum(100, 1.0)
    assert expected_agreement(variances, n) == pytest.approx(expected, abs=0.002)
    generator, sums = np.random.default_rng(2), np.zeros(2)
    z = generator.standard_normal((300, 100))
    for _ in range(10):
        images = []
        for _ in range(2):
            _, values, vectors = sample(variances, n, generator)
            images.append((z @ vectors * np.sqrt(values)) @ vectors.T)
        a, b = images
        sums += 2 * np.sum(a * b), np.sum(a**2) + np.sum(b**2)
    assert sums[0] / sums[1] == pytest.approx(expected, abs=0.015)

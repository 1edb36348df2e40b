"""Clipped normal variables, against numerical integrals, simulations and one another."""

import numpy as np
import pytest
from scipy import integrate, stats

from gaussianity.distribution.clipping.clipped_moments import (
    PAIRS,
    TERMS,
    clipped_covariances,
    clipped_moments,
    coefficients,
    latent,
    latent_correlations,
    probability_inside,
    series,
)


def grid():
    """Centres within 2 s of [0, 1], and spreads s in [.05, 1]."""
    m, s = np.meshgrid(np.linspace(-2, 3, 41), np.geomspace(0.05, 1, 21))
    near = (m >= -2 * s) & (m <= 1 + 2 * s)
    return m[near], s[near]


def clipped_pairs(m, s, rho, n, seed):
    """Covariance of two clipped variables from n pairs of normal variables."""
    z = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
    return np.cov(np.clip(m + s * z, 0, 1).T)[0, 1]


@pytest.mark.parametrize(
    ("m", "s"), [(0.5, 0.1), (0.2, 0.7), (-0.4, 0.3), (1.6, 0.5), (0, 30), (1.2, 0.02)]
)
def test_moments_are_those_of_numerical_integrals(m, s):
    def expectation(power):
        inside = integrate.quad(
            lambda x: x**power * stats.norm.pdf(x, m, s), 0, 1, points=[m] if 0 < m < 1 else None
        )[0]
        return inside + stats.norm.sf(1, m, s)

    mean, variance = clipped_moments(np.array(m), np.array(s))
    assert mean == pytest.approx(expectation(1), abs=1e-9)
    assert variance == pytest.approx(expectation(2) - expectation(1) ** 2, abs=1e-9)
    inside = probability_inside(np.array(m), np.array(s))
    expected = stats.norm.cdf(1, m, s) - stats.norm.cdf(0, m, s)
    assert inside == pytest.approx(expected, rel=1e-9, abs=0)


def test_little_variance_within_the_range_is_not_clipped():
    mean, variance = clipped_moments(np.array([0.3, 0.7]), np.array([0.01, 0.02]))
    np.testing.assert_allclose(mean, [0.3, 0.7], rtol=1e-12)
    np.testing.assert_allclose(variance, [1e-4, 4e-4], rtol=1e-10)


def test_moments_far_outside_are_those_of_the_tail():
    """E X = s [phi(a) - a Q(a)], about s phi(a) / a^2 (1 - 3/a^2 + 15/a^4) for large a."""
    s, a = 0.02, 20.0
    tail = s * stats.norm.pdf(a) / a**2 * (1 - 3 / a**2 + 15 / a**4)
    assert clipped_moments(np.array(-a * s), np.array(s))[0] == pytest.approx(tail, rel=1e-5)


def test_latent_variables_are_found_again():
    m, s = grid()
    found = latent(*clipped_moments(m, s))
    np.testing.assert_allclose(found, (m, s), rtol=0, atol=1e-9)
    for one in [(-0.3, 0.4), (0.5, 0.1), (1.4, 0.9)]:
        assert latent(*clipped_moments(*np.array(one))) == pytest.approx(one, abs=1e-9)


def test_every_mean_and_variance_of_clipped_variables_is_reached():
    mean, part = np.meshgrid(
        [1e-30, 1e-5, 1e-3, 0.1, 0.5, 0.9, 0.999], [1e-4, 0.01, 0.3, 0.9, 0.99]
    )
    mean, variance = mean.ravel(), (part * mean * (1 - mean)).ravel()
    found = clipped_moments(*latent(mean, variance))
    np.testing.assert_allclose(found[0], mean, rtol=1e-9)
    np.testing.assert_allclose(found[1], variance, rtol=1e-5)


def test_two_points_have_the_largest_variance_to_a_few_thousandths():
    mean = np.array([0.02, 0.5, 0.8])
    found = clipped_moments(*latent(mean, mean * (1 - mean)))
    np.testing.assert_allclose(found[0], mean, rtol=1e-9)
    np.testing.assert_allclose(found[1], mean * (1 - mean), rtol=5e-3)


def test_latent_of_no_variables_is_empty():
    assert [part.shape for part in latent(np.empty(0), np.empty(0))] == [(0,), (0,)]


def test_coefficients_are_hermite_projections():
    """a_r = E X He_r(Z) / sqrt(r!), by quadrature on both sides of the two corners."""
    m, s = 0.3, 0.4
    found = coefficients(np.array([m]), np.array([s]))[:, 0]
    assert len(found) == TERMS
    z, step = np.linspace(-12, 12, 400_001, retstep=True)
    weights = np.clip(m + s * z, 0, 1) * stats.norm.pdf(z) * step
    for r in (1, 2, 3, 4, 7):
        he = np.polynomial.hermite_e.hermeval(z, np.eye(r + 1)[r])
        expected = (weights * he).sum() / np.sqrt(float(stats.poisson.pmf(r, 1) ** -1 / np.e))
        assert found[r - 1] == pytest.approx(expected, abs=1e-8)


def test_squares_of_the_coefficients_add_to_the_variance():
    m, s = grid()
    near = (np.abs(m / s) < 2) & (np.abs((1 - m) / s) < 2)
    sums = (coefficients(m, s)[:, near] ** 2).sum(axis=0)
    variance = clipped_moments(m, s)[1][near]
    assert near.sum() > 20
    np.testing.assert_allclose(sums, variance, rtol=3e-3)
    assert np.all(sums < variance)


def test_unclipped_variables_keep_their_covariance():
    terms = coefficients(np.array([0.4, 0.6]), np.array([0.02, 0.03]))
    rho = np.array([[1, -0.7], [-0.7, 1]])
    expected = rho * np.outer([0.02, 0.03], [0.02, 0.03])
    np.testing.assert_allclose(clipped_covariances(terms, rho), expected, rtol=1e-9)


@pytest.mark.parametrize("rho", [-0.8, 0.3, 0.9])
def test_covariance_of_a_clipped_pair_is_that_of_a_simulation(rho):
    m, s = np.array([0.1, 0.8]), np.array([0.4, 0.6])
    terms = coefficients(m, s)
    found = series(terms[:, [0]] * terms[:, [1]], np.array([rho]))[0]
    assert found == pytest.approx(clipped_pairs(m, s, rho, 200_000, 3), abs=1e-3)


def test_both_ends_clipped_far_away_give_the_arcsine():
    """Signs of two normal variables have the correlation (2/pi) arcsin rho."""
    terms = coefficients(np.full(2, 0.5), np.full(2, 300.0))
    found = series(terms[:, [0]] * terms[:, [1]], np.array([0.6]))[0]
    assert 4 * found == pytest.approx(2 / np.pi * np.arcsin(0.6), abs=2e-3)


def test_latent_correlations_are_found_again_in_blocks():
    rng = np.random.default_rng(0)
    d = 100
    assert d * (d - 1) / 2 > PAIRS
    m, s = rng.uniform(-0.3, 1.3, d), rng.uniform(0.2, 1, d)
    a = rng.standard_normal((d, 5)) @ rng.standard_normal((5, d)) + 2 * rng.standard_normal((d, d))
    rho = np.corrcoef(a)
    terms = coefficients(m, s)
    found = latent_correlations(terms, clipped_covariances(terms, rho))
    np.testing.assert_allclose(found, rho, atol=1e-9)
    np.testing.assert_array_equal(found, found.T)


def test_covariances_out_of_reach_give_the_ends():
    terms = coefficients(np.full(2, 0.5), np.full(2, 0.1))
    for sign in (-1, 1):
        covariance = np.array([[0.01, sign * 0.5], [sign * 0.5, 0.01]])
        assert latent_correlations(terms, covariance)[0, 1] == pytest.approx(sign, abs=1e-8)

"""Variance proxies against closed forms, a plain loop and reference numbers; tails by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gaussianity.universality.concentration import (
    GRID,
    LEVELS,
    RELIABLE,
    bootstrap_counts,
    gaussian_bound,
    judged,
    ratios,
    survival,
    tails,
    variance_proxies,
)
from gaussianity.universality.functionals import class_functionals


def variance_proxy(values):
    """The proxy of the values themselves."""
    (found,) = variance_proxies(values, np.ones((1, len(values))))
    return found


def test_proxy_of_a_normal_distribution_is_its_variance():
    """The values are quantiles, not draws, so that only the cut of the tails is an error."""
    values = stats.norm.ppf((np.arange(20000) + 0.5) / 20000)
    assert variance_proxy(3 * values + 7) == pytest.approx(9, rel=0.005)


def test_proxy_of_a_sign_is_one():
    assert variance_proxy(np.array([-1.0, 1.0] * 500)) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("p", [0.02, 0.1, 0.3, 0.8])
def test_proxy_of_a_bernoulli_variable_is_that_of_kearns_and_saul(p):
    """(1 - 2p) / (2 ln((1 - p) / p)), above the variance p (1 - p)."""
    values = (np.arange(10000) < 10000 * p).astype(float)
    exact = (1 - 2 * p) / (2 * math.log((1 - p) / p))
    assert variance_proxy(values) == pytest.approx(exact, rel=2e-3)
    assert exact > 1.001 * p * (1 - p)


def test_proxy_scales_as_a_variance():
    values = np.random.default_rng(0).exponential(size=500)
    assert variance_proxy(-2 * values + 5) == pytest.approx(4 * variance_proxy(values))
    assert variance_proxy(values) > 1.2 * values.var()


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_proxy_of_a_constant_is_zero(value):
    with np.errstate(all="raise"):
        assert variance_proxy(np.full(50, value)) == 0


def test_proxy_of_a_far_value_is_finite_and_at_least_the_variance():
    """Exponentials up to exp(6 * 316) of 100,000 images would overflow."""
    values = np.append(np.zeros(99999), 1e9)
    counts = np.stack([np.ones(100000), np.append(np.full(99999, 1.0), 0)])
    counts[1, 0] = 2
    found = variance_proxies(values, counts)
    assert np.isfinite(found).all()
    assert found[0] >= values.var()
    assert found[1] == pytest.approx(0, abs=1e-9 * found[0])


def plain_proxy(values, spread):
    """The definition for one sample, in a loop over the levels."""
    centred, best = values - values.mean(), values.var()
    for level in np.concatenate([LEVELS, -LEVELS]) / spread:
        drawn = np.exp(level * centred)
        if drawn.std() / math.sqrt(len(values)) / drawn.mean() < RELIABLE:
            best = max(best, 2 * math.log(drawn.mean()) / level**2)
    return best


def test_proxies_of_resampled_values_are_those_of_the_samples():
    generator = np.random.default_rng(1)
    values = generator.standard_t(4, size=300)
    counts = bootstrap_counts(300, 5, generator)
    expected = [plain_proxy(np.repeat(values, count.astype(int)), values.std()) for count in counts]
    np.testing.assert_allclose(variance_proxies(values, counts), expected, rtol=1e-10)
    assert variance_proxy(values) == pytest.approx(plain_proxy(values, values.std()))


def test_the_proxy_of_few_images_is_above_their_variance():
    """Of 30 values, 4 are 1 and the others 0: their moment generating function is reliable."""
    values = (np.arange(30) < 4).astype(float)
    found = variance_proxy(values)
    assert found == pytest.approx(plain_proxy(values, values.std()))
    assert found > 1.01 * values.var()


def test_every_sample_has_as_many_images():
    counts = bootstrap_counts(40, 7, np.random.default_rng(0))
    assert counts.shape == (7, 40)
    np.testing.assert_array_equal(counts.sum(axis=1), 40)
    assert counts.std(axis=0).min() > 0


def test_ratios_are_over_the_largest_eigenvalue_with_their_interval():
    values = np.random.default_rng(2).normal(size=(3000, 2)) * [1.0, 0.1]
    found = ratios(values, 4.0, 100, np.random.default_rng(3))
    twice = ratios(values, 8.0, 100, np.random.default_rng(3))
    for key in ("ratio", "low", "high"):
        np.testing.assert_allclose(found[key], 2 * twice[key])
    np.testing.assert_allclose(found["ratio"], [0.25, 0.0025], rtol=0.05)
    assert (found["low"] < found["ratio"]).all()
    assert (found["ratio"] < found["high"]).all()
    # The variance of n normal values has the relative error sqrt(2 / n) = 0.026.
    width = (found["high"] - found["low"]) / found["ratio"]
    assert ((width > 0.06) & (width < 0.2)).all()


def test_interval_holds_a_known_proxy():
    """Signs are +1 with probability 0.9: 95 % of the intervals should contain the proxy."""
    exact = 4 * (1 - 0.2) / (2 * math.log(9))
    held = 0
    for repetition in range(60):
        generator = np.random.default_rng([5, repetition])
        values = np.where(generator.random((400, 1)) < 0.9, 1.0, -1.0)
        found = ratios(values, 1.0, 60, generator)
        held += int(found["low"][0] <= exact <= found["high"][0])
    assert held >= stats.binom.ppf(1e-3, 60, 0.92)


def test_survival_by_hand():
    """Mean 1: distances 1, 1, 1, 3 over sqrt(4); mean 0: distances 4, 2, 4, 2 over it."""
    found = survival(np.array([[0.0, 4.0], [0.0, 2.0], [0.0, -4.0], [4.0, -2.0]]), 4.0)
    assert found.shape == (len(GRID), 2)
    by_t = dict(zip(GRID.round(6), found.tolist(), strict=True))
    assert [by_t[t][0] for t in (0.0, 0.4, 0.5, 1.4, 1.5, 3.0)] == [1, 1, 0.25, 0.25, 0, 0]
    assert [by_t[t][1] for t in (0.0, 0.9, 1.0, 1.9, 2.0)] == [1, 1, 0.5, 0.5, 0]


def test_the_bound_holds_for_normal_distributions_and_fails_for_heavy_tails():
    t = GRID[GRID > 0]
    assert (2 * stats.norm.sf(t) < gaussian_bound(t)).all()
    scaled = stats.t(3).std() * t
    assert (2 * stats.t(3).sf(scaled) > gaussian_bound(t)).any()


def of_latent(name, n, d=256):
    """R_f and its interval for a latent that passes the exact, linear sampler of a normal class."""
    generator = np.random.default_rng(0)
    turn = np.linalg.qr(generator.standard_normal((d, d)))[0]
    variances = 4 * (1 + np.arange(d)) ** -1.2
    latent = 80 * generator.standard_normal((n, d))
    factors = dict(gaussian=1.0, student_t=(n, d), multivariate_t=(n, 1))[name]
    if name != "gaussian":
        latent /= np.sqrt(generator.chisquare(3, factors) / 3)
    rows = latent @ ((turn * np.sqrt(variances / (variances + 80**2))) @ turn.T).T
    others = rows[4:]
    functionals, largest = class_functionals(
        lambda: iter([others]), rows[:4], projections=4, fixed=generator, start=generator
    )
    found = ratios(functionals.values(others), largest, 60, generator)
    names = functionals.names
    return {key: dict(zip(names, values, strict=True)) for key, values in found.items()}


def test_a_gaussian_latent_concentrates():
    found = of_latent("gaussian", 3000)
    assert found["ratio"]["norm"] == pytest.approx(0.27, abs=0.05)
    assert found["ratio"]["principal_projection_1"] == pytest.approx(1, abs=0.06)
    assert found["ratio"]["maximum"] == pytest.approx(0.014, abs=0.004)
    assert all(low <= 1 for low in found["low"].values())
    assert sum(high > 1 for high in found["high"].values()) <= 1  # of the principal projection


def test_a_multivariate_t_latent_does_not():
    found = of_latent("multivariate_t", 3000)
    for name in ("norm", "mean_distance", "nearest_anchor"):
        assert found["low"][name] > 1, name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "norm", "projection"),
    [("gaussian", 0.27, 0.997), ("student_t", 0.98, 1.36), ("multivariate_t", 3.57, 2.12)],
)
def test_numbers_of_the_reference(name, norm, projection):
    """The reference has the intervals .27 [.25, .28], .98 [.72, 1.30], 3.57 [3.07, 7.75] for the
    norm, and .997 [.98, 1.03], 1.36 [1.22, 1.64], 2.12 [1.79, 2.72] for the projection."""
    found = of_latent(name, 10240)
    for key, expected in dict(norm=norm, principal_projection_1=projection).items():
        low, high = found["low"][key], found["high"][key]
        assert low < expected < high
        if name == "gaussian":
            assert found["ratio"][key] == pytest.approx(expected, rel=0.06)


def test_each_functional_is_judged_by_its_interval():
    """Two intervals touch 1, one contains 1, one is above 1; shares at t = 1 to 5."""
    ratios = pd.DataFrame(
        dict(
            population="data",
            image_class="7",
            functional=["norm", "maximum", "relu_norm", "median"],
            ratio=[0.5, 1.0, 2.0, 1.5],
            low=[0.4, 0.9, 1.5, 1.0],
            high=[1.0, 1.1, 3.0, 2.0],
        )
    )
    shares = pd.DataFrame(dict(population="data", image_class="7", t=GRID))
    shares = shares.assign(norm=1 - GRID / 10, maximum=0.0, relu_norm=GRID / 100, median=0.0)
    found = judged(ratios, tails([shares]))
    assert found["holds"].tolist() == [True, False, False, False]
    assert found["exceeds"].tolist() == [False, False, True, False]
    np.testing.assert_allclose(found["beyond_3"], [0.7, 0, 0.03, 0])
    np.testing.assert_allclose(found["beyond_5"], [0.5, 0, 0.05, 0])
    assert found["functional"].tolist() == ratios["functional"].tolist()


def test_the_interval_has_the_middle_95_percent_of_the_bootstrap():
    values = np.random.default_rng(2).exponential(size=(80, 1))
    found = ratios(values, 2.0, 50, np.random.default_rng(3))
    counts = bootstrap_counts(80, 50, np.random.default_rng(3))
    expected = np.quantile(variance_proxies(values[:, 0], counts) / 2, [0.025, 0.975])
    np.testing.assert_allclose([found["low"][0], found["high"][0]], expected)

import numpy as np
import pytest

from gaussianity.linear.split import reason_against, split, wiener

D, N, SIGMA = 10, 4000, 0.5
VARIANCES = np.arange(1.0, D + 1) ** -1
GENERATOR = np.random.default_rng(0)
VECTORS = np.linalg.qr(GENERATOR.standard_normal((D, D)))[0].T
MEAN = GENERATOR.standard_normal(D)


def noisy(n=N, seed=1):
    """Noisy normal images (n, d)."""
    z = np.random.default_rng(seed).standard_normal((n, D))
    return MEAN + (z * np.sqrt(VARIANCES + SIGMA**2)) @ VECTORS


def linear(x, factors):
    return MEAN + ((x - MEAN) @ VECTORS.T * factors) @ VECTORS


def of(x, denoised):
    return split(x, denoised, MEAN, VECTORS, VARIANCES, SIGMA)


def test_the_exact_denoiser_is_all_wiener():
    x = noisy()
    found = of(x, linear(x, wiener(VARIANCES, SIGMA)))
    assert found.wiener == pytest.approx(1)
    assert (found.other, found.nonlinear) == pytest.approx((0, 0), abs=1e-12)
    np.testing.assert_allclose(found.factors, wiener(VARIANCES, SIGMA), rtol=1e-10)
    assert found.off_diagonal == pytest.approx(0, abs=1e-15)


def test_another_linear_filter_and_a_bias_are_other():
    """|(J - W) Cov^(1/2)|^2 + |bias|^2 in closed form; no part is nonlinear."""
    x, factors, bias = noisy(200_000), 0.7 * wiener(VARIANCES, SIGMA), 0.1 * np.ones(D)
    found = of(x, linear(x, factors) + bias)
    total = VARIANCES + SIGMA**2
    other = np.sum((factors - wiener(VARIANCES, SIGMA)) ** 2 * total) + np.sum(bias**2)
    signal = np.sum(factors**2 * total)
    assert found.nonlinear == pytest.approx(0, abs=1e-12)
    assert found.signal == pytest.approx(signal, rel=0.01)
    assert found.other == pytest.approx(other / signal, rel=0.02)
    assert found.wiener == pytest.approx(1 - other / signal, rel=0.01)
    np.testing.assert_allclose(found.factors, factors, rtol=1e-10)


@pytest.mark.parametrize("n", [60, 4000])
def test_a_second_order_term_is_nonlinear_however_few_points_there_are(n):
    """D = W x + c (y_1^2 - 1) u_2 with standard normal y_1: the energy of the term is 2 c^2."""
    shares = []
    for seed in range(150 if n == 60 else 3):
        x = noisy(n, seed)
        y = (x - MEAN) @ VECTORS[0] / np.sqrt(VARIANCES[0] + SIGMA**2)
        exact = linear(x, wiener(VARIANCES, SIGMA))
        shares.append(of(x, exact + 0.4 * np.outer(y**2 - 1, VECTORS[1])))
    signal = np.sum(wiener(VARIANCES, SIGMA) ** 2 * (VARIANCES + SIGMA**2)) + 2 * 0.4**2
    nonlinear = np.mean([share.nonlinear * share.signal for share in shares])
    assert nonlinear == pytest.approx(2 * 0.4**2, rel=0.1)
    assert np.mean([share.other * share.signal for share in shares]) == pytest.approx(0, abs=0.03)
    assert np.mean([share.signal for share in shares]) == pytest.approx(signal, rel=0.05)


def test_noise_of_the_fit_is_at_the_floor():
    """The second-order term makes the off-diagonal numbers of the fit random around 0."""
    found = []
    for seed in range(60):
        x = noisy(400, seed)
        rough = np.random.default_rng(1000 + seed).standard_normal((400, D))
        found.append(of(x, linear(x, wiener(VARIANCES, SIGMA)) + rough))
    measured, floor = (np.mean([getattr(s, n) for s in found]) for n in ("off_diagonal", "floor"))
    assert measured == pytest.approx(floor, rel=0.1)


def test_parts_add_up_to_the_distance_from_the_wiener_filter():
    x = noisy(500)
    denoised = np.tanh(x)
    found = of(x, denoised)
    distance = denoised - linear(x, wiener(VARIANCES, SIGMA))
    about_mean = np.sum((distance - distance.mean(axis=0)) ** 2) / 499
    parts = (found.other + found.nonlinear) * found.signal - np.sum(distance.mean(axis=0) ** 2)
    assert parts == pytest.approx(about_mean)
    assert found.wiener + found.other + found.nonlinear == pytest.approx(1)


def test_too_few_points_or_too_many_pixels():
    assert reason_against(30, 10) is None
    assert reason_against(29, 10) == "29 noisy images of a class, at least 30 are needed"
    assert reason_against(10**6, 1025) == "1,025 pixels, at most 1,024 are fitted"

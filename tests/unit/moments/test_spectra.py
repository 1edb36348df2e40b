"""Eigenvalues of either matrix against NumPy's of the full one; power laws of known exponent."""

import numpy as np
import pandas as pd
import pytest

from gaussianity.moments.spectra import (
    covariance_eigenvalues,
    gram_eigenvalues,
    numerical_rank,
    power_law,
    within_numerical_rank,
)


@pytest.mark.parametrize(("n", "d"), [(40, 7), (7, 40), (20, 20), (21, 20), (20, 21)])
def test_covariance_eigenvalues_on_either_side(n, d):
    rows = np.random.default_rng(n).standard_normal((n, d)) * np.arange(1, d + 1) + 5
    expected = np.linalg.eigvalsh(np.cov(rows.T))[::-1][: min(n - 1, d)]
    found = covariance_eigenvalues(np.array_split(rows, 3), n)
    assert found.shape == (min(n - 1, d),)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * expected[0])


def test_no_eigenvalue_is_negative():
    """Of rank 3 in 10 dimensions: rounding of the others is 0 or more."""
    for seed in range(5):
        rows = np.random.default_rng(seed).standard_normal((50, 3)) @ np.eye(10)[:3]
        rows = rows @ np.linalg.qr(np.random.default_rng(seed).standard_normal((10, 10)))[0]
        assert (covariance_eigenvalues([rows], 50) >= 0).all()
        assert (gram_eigenvalues(rows) >= 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.uint8])
def test_rows_of_any_format_are_computed_in_float64(dtype):
    """Centred in float32, the smallest eigenvalue of 30 rows far from 0 is 47 % off."""
    scale = np.append(np.full(99, 10.0), 0.01) if dtype == np.float32 else 10.0
    rows = np.random.default_rng(3).standard_normal((30, 100)) * scale + 100
    rows[-1] = rows[0] + (0.01 if dtype == np.float32 else 1) * np.sign(rows[1] - 100)
    rows = rows.astype(dtype)
    expected = np.linalg.svd(rows.astype(float) - rows.mean(0, dtype=float), compute_uv=False)
    found = covariance_eigenvalues([rows[:7], rows[7:]], 30)
    np.testing.assert_allclose(found, expected[:29] ** 2 / 29, rtol=1e-6)


@pytest.mark.parametrize(("n", "d"), [(30, 6), (6, 30)])
def test_gram_eigenvalues_are_squared_singular_values(n, d):
    rows = np.random.default_rng(d).standard_normal((n, d))
    expected = np.linalg.svd(rows, compute_uv=False) ** 2
    np.testing.assert_allclose(gram_eigenvalues(rows), expected, rtol=1e-10)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.3])
def test_power_law_of_known_exponent(exponent):
    fit = power_law(7.0 * np.arange(1.0, 201.0) ** -exponent, (0.05, 0.5))
    assert fit["exponent"] == pytest.approx(exponent, rel=1e-10)
    assert fit["r_squared"] == pytest.approx(1.0)
    assert (fit["first_rank"], fit["last_rank"]) == (10, 100)


def test_exponential_decay_is_no_power_law():
    assert power_law(np.exp(-0.2 * np.arange(100.0)), (0.05, 0.9))["r_squared"] < 0.95


def test_share_of_the_variance_that_the_line_explains():
    """R^2 of a least-squares line is the squared correlation of its two variables."""
    logarithms = np.array([0.0, -1.0, -1.0, -3.0])
    expected = np.corrcoef(np.log([1.0, 2.0, 3.0, 4.0]), logarithms)[0, 1] ** 2
    fit = power_law(np.exp(logarithms), (0.0, 1.0))
    assert fit["r_squared"] == pytest.approx(expected, rel=1e-12)
    assert 0.7 < expected < 0.9


def test_null_eigenvalues_are_not_fitted():
    values = np.concatenate([np.arange(1.0, 51.0) ** -1.0, np.zeros(50)])
    assert numerical_rank(values) == 50
    assert power_law(values, (0.1, 1.0))["last_rank"] == 50


def test_equal_eigenvalues_have_no_share_of_variance():
    fit = power_law(np.full(50, 3.0), (0.1, 0.5))
    assert abs(fit["exponent"]) < 1e-12
    assert np.isnan(fit["r_squared"])


def test_errors():
    with pytest.raises(ValueError, match="expected 9 rows, found 8"):
        covariance_eigenvalues([np.eye(8)], 9)
    with pytest.raises(ValueError, match="at least 3 eigenvalues, found 2"):
        power_law(np.arange(10.0, 0, -1), (0.1, 0.2))


def test_rows_within_the_numerical_rank_of_their_group():
    frame = pd.DataFrame(dict(of=list("aaabb"), rank=[1, 2, 3, 1, 2], eigenvalue=[2, 1, 0, 3, 1]))
    found = within_numerical_rank(frame, ["of"])
    assert found["of"].tolist() == list("aabb")
    assert found["eigenvalue"].tolist() == [2, 1, 3, 1]

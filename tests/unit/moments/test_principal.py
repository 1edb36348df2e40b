"""Leading eigenvectors by both methods against the full decomposition, with fixed signs."""

import numpy as np
import pytest

from gaussianity.moments import principal
from gaussianity.moments.principal import leading_eigenvectors, principal_components


@pytest.fixture(params=[1024, 10], ids=["all", "iterations"])
def _method(request, monkeypatch):
    monkeypatch.setattr(principal, "DENSE", request.param)


def covariance(d=60, rank=60):
    rows = np.random.default_rng(0).standard_normal((3 * d, rank)) * np.arange(rank, 0, -1)
    turned = np.linalg.qr(np.random.default_rng(1).standard_normal((d, d)))[0][:rank]
    return np.cov((rows @ turned).T)


@pytest.mark.usefixtures("_method")
@pytest.mark.parametrize("rank", [60, 8])
def test_leading_ones_are_those_of_all(rank):
    matrix = covariance(rank=rank)
    values, vectors = leading_eigenvectors(matrix, 5)
    np.testing.assert_allclose(values, np.linalg.eigvalsh(matrix)[::-1][:5], rtol=1e-9)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(5), atol=1e-9)
    np.testing.assert_allclose(matrix @ vectors.T, vectors.T * values, atol=1e-7 * values[0])


@pytest.mark.usefixtures("_method")
def test_signs_do_not_depend_on_the_method():
    _, vectors = leading_eigenvectors(covariance(), 4)
    largest = np.abs(vectors).argmax(axis=1)
    assert (vectors[np.arange(4), largest] > 0).all()
    _, all_vectors = np.linalg.eigh(covariance())
    for found, expected in zip(vectors, all_vectors.T[::-1], strict=False):
        sign = np.sign(expected[np.abs(expected).argmax()])
        np.testing.assert_allclose(found, sign * expected, atol=1e-7)


def test_there_are_as_many_as_dimensions():
    values, vectors = leading_eigenvectors(np.diag([1.0, 3.0, 2.0]), 5)
    np.testing.assert_allclose(values, [3, 2, 1])
    np.testing.assert_allclose(vectors, np.eye(3)[[1, 2, 0]])


@pytest.mark.filterwarnings("error")  # of ARPACK, which cannot find all of them
@pytest.mark.usefixtures("_method")
def test_all_eigenvectors_can_be_asked_for():
    matrix = covariance()
    for count in (60, 59, 31, 30):
        values, _ = leading_eigenvectors(matrix, count)
        np.testing.assert_allclose(values, np.linalg.eigvalsh(matrix)[::-1][:count], rtol=1e-9)


def test_rows_that_differ_little_have_components():
    """By a billionth of the values, of which the mean is known to the last digits."""
    rows = rows_of(50, 5)
    found = found_in(1 + 1e-9 * rows, 2)
    np.testing.assert_allclose(found.variances, 1e-18 * expected_of(rows, 2)[0], rtol=1e-4)


def test_no_variance_has_no_negative_eigenvalues():
    values, _ = leading_eigenvectors(np.zeros((4, 4)), 2)
    np.testing.assert_array_equal(values, 0)


def rows_of(n, d, seed=0):
    generator = np.random.default_rng(seed)
    return generator.standard_normal((n, d)) * np.arange(1, d + 1) ** -0.6 + generator.random(d)


def found_in(rows, count, size=37):
    def batches():
        return (rows[start : start + size] for start in range(0, len(rows), size))

    return principal_components(batches, count, np.random.default_rng(1))


def expected_of(rows, count):
    _, singular, vectors = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    vectors = vectors[:count]
    signs = np.sign(vectors[np.arange(len(vectors)), np.abs(vectors).argmax(axis=1)])
    return singular[:count] ** 2 / (len(rows) - 1), vectors * signs[:, None]


@pytest.mark.parametrize(("n", "d"), [(300, 40), (20, 60), (300, 90)])
@pytest.mark.parametrize("dense", [0, 1024], ids=["lanczos", "dense"])
def test_components_are_those_of_all_rows(monkeypatch, n, d, dense):
    monkeypatch.setattr(principal, "DENSE", dense)
    rows = rows_of(n, d)
    found = found_in(rows, 4)
    variances, directions = expected_of(rows, 4)
    assert found.count == n
    np.testing.assert_allclose(found.mean, rows.mean(axis=0))
    np.testing.assert_allclose(found.variances, variances, rtol=1e-9)
    np.testing.assert_allclose(found.directions, directions, atol=1e-6)


def test_more_pixels_than_the_whole_covariance_is_made_for():
    rows = rows_of(30, 1100)
    found = found_in(rows, 3)
    variances, directions = expected_of(rows, 3)
    np.testing.assert_allclose(found.variances, variances, rtol=1e-9)
    np.testing.assert_allclose(found.directions, directions, atol=1e-6)


@pytest.mark.parametrize("dense", [0, 1024], ids=["lanczos", "dense"])
def test_batches_do_not_matter(monkeypatch, dense):
    monkeypatch.setattr(principal, "DENSE", dense)
    rows = rows_of(120, 25)
    one, other = found_in(rows, 2, size=120), found_in(rows, 2, size=11)
    np.testing.assert_allclose(one.variances, other.variances, rtol=1e-10)
    np.testing.assert_allclose(one.directions, other.directions, atol=1e-7)


def test_a_common_shift_of_all_rows_costs_no_digits(monkeypatch):
    monkeypatch.setattr(principal, "DENSE", 0)
    rows = rows_of(100, 30)
    np.testing.assert_allclose(
        found_in(rows + 1e6, 1).variances, found_in(rows, 1).variances, rtol=1e-7
    )


@pytest.mark.parametrize(("n", "d", "count"), [(3, 50, 2), (50, 3, 3), (50, 1, 1)])
def test_no_more_components_than_rows_or_pixels_have(n, d, count):
    found = found_in(rows_of(n, d), 5)
    assert found.directions.shape == (count, d)
    assert (found.variances > 0).all()


def test_few_rows_of_many_pixels():
    """The number of components is the dimension of the Krylov space of 3 rows."""
    found = found_in(rows_of(3, 1100), 5)
    np.testing.assert_allclose(found.variances, expected_of(rows_of(3, 1100), 2)[0], rtol=1e-9)


def test_rows_without_a_component_are_an_error():
    with pytest.raises(ValueError, match="at least 2 rows, found 1"):
        found_in(rows_of(1, 5), 1)
    with pytest.raises(ValueError, match="rows that differ, found 4 equal ones"):
        found_in(np.ones((4, 5)), 1)
    with pytest.raises(ValueError, match="rows that differ, found 4 equal ones"):
        found_in(np.zeros((4, 5)), 1)
    for value in (1.0, 0.3):  # with and without rounding of the mean
        with pytest.raises(ValueError, match="rows that differ, found 7 equal ones"):
            found_in(np.full((7, 1100), value), 1)

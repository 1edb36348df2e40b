"""Leading eigenvectors against all of them, by either method, with signs that are fixed."""

import numpy as np
import pytest

from gaussianity import eigenfaces
from gaussianity.eigenfaces import leading_eigenvectors


@pytest.fixture(params=[1024, 10], ids=["all", "iterations"])
def _method(request, monkeypatch):
    monkeypatch.setattr(eigenfaces, "DENSE", request.param)


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


def test_no_variance_has_no_negative_eigenvalues():
    values, _ = leading_eigenvectors(np.zeros((4, 4)), 2)
    np.testing.assert_array_equal(values, 0)

"""Principal angles against closed forms and another implementation."""

import numpy as np
import pytest
from scipy.linalg import subspace_angles

from gaussianity.principal_angles import (
    affinity,
    principal_angles,
    random_affinity,
    random_subspaces,
)


def pair(d, m, n=12):
    generator = np.random.default_rng([d, m])
    return (random_subspaces(n, size, 1, generator)[0] for size in (d, m))


@pytest.mark.parametrize(("d", "m"), [(1, 1), (3, 3), (2, 5), (5, 2), (7, 8)])
def test_as_scipy(d, m):
    a, b = pair(d, m)
    np.testing.assert_allclose(principal_angles(a, b), subspace_angles(a, b), atol=1e-7)


@pytest.mark.parametrize("angle", [1e-12, 1e-9, 1e-4, 0.7, 1.5, np.pi / 2])
def test_a_turned_plane_has_the_angle(angle):
    """Also an angle whose cosine is 1 in double precision."""
    a, b = np.eye(5)[:, :2], np.eye(5)[:, :2].copy()
    b[:, 1] = [0, np.cos(angle), 0, np.sin(angle), 0]
    np.testing.assert_allclose(principal_angles(a, b), [angle, 0], rtol=1e-9, atol=1e-16)
    assert affinity(a, b) == pytest.approx((1 + np.cos(angle) ** 2) / 2)


def test_a_subspace_within_another_and_its_complement():
    a, b = np.eye(6)[:, :4], np.eye(6)[:, :2]
    np.testing.assert_array_equal(principal_angles(a, b), [0, 0])
    np.testing.assert_allclose(principal_angles(np.eye(6)[:, 4:], b), np.pi / 2)
    assert affinity(a, b) == 1


def test_neither_order_nor_basis_matters():
    a, b = pair(3, 5)
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    np.testing.assert_allclose(principal_angles(b, a @ turn), principal_angles(a, b), atol=1e-12)
    assert affinity(b, a @ turn) == pytest.approx(affinity(a, b))


def test_stacks_are_their_members():
    generator = np.random.default_rng(0)
    a, b = random_subspaces(9, 3, 4, generator), random_subspaces(9, 3, 4, generator)
    each = [principal_angles(x, y) for x, y in zip(a, b, strict=True)]
    np.testing.assert_allclose(principal_angles(a, b), each)
    np.testing.assert_allclose((np.cos(each) ** 2).mean(axis=1), affinity(a, b))


@pytest.mark.parametrize(("d", "m"), [(3, 3), (2, 6)])
def test_affinity_of_random_subspaces(d, m):
    n, generator = 20, np.random.default_rng(0)
    found = affinity(random_subspaces(n, d, 4000, generator), np.eye(n)[:, :m])
    error = found.std() / np.sqrt(len(found))
    assert found.mean() == pytest.approx(random_affinity(n, d, m), abs=4 * error)
    np.testing.assert_allclose(
        principal_angles(random_subspaces(n, d, 5, generator), np.eye(n)[:, :m]) > 0.1, True
    )

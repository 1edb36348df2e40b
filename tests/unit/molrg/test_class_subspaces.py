"""Subspaces of classes: exact recovery, matching by hand, closed forms."""

import numpy as np
import pytest
from random_mixture import random_mixture
from scipy.linalg import subspace_angles

from gaussianity.molrg.class_subspaces import (
    affinity,
    class_references,
    comparison,
    comparisons,
    denoised_subspaces,
    matched_clusters,
    principal_angles,
    principal_subspaces,
    random_comparison,
    random_subspaces,
    unlabelled_subspaces,
)


def generators(count):
    return [np.random.default_rng([3, k]) for k in range(count)]


def test_unlabelled_subspaces_are_those_of_a_mixture():
    mixture = random_mixture(np.random.default_rng(0), 20, [3, 3, 3])
    rows, labels = mixture.sample(np.random.default_rng(1), 150)
    bases, clusters = unlabelled_subspaces(
        rows.numpy(), 3, 3, restarts=5, iterations=30, generator=np.random.default_rng(2)
    )
    chosen, counts = matched_clusters(labels.numpy(), clusters, 3)
    assert np.trace(counts) == 150
    for basis, truth in zip(bases[chosen], mixture.bases, strict=True):
        assert affinity(basis, truth.numpy()) == pytest.approx(1)


def test_clusters_are_matched_so_that_most_rows_are_right():
    labels = np.array([0, 0, 0, 1, 1, 2])
    clusters = np.array([2, 2, 1, 1, 1, 2])
    chosen, counts = matched_clusters(labels, clusters, 3)
    assert chosen.tolist() == [2, 1, 0]
    assert counts.tolist() == [[2, 1, 0], [0, 2, 0], [1, 0, 0]]


def test_references_of_known_moments():
    """If the mean is farther from the centre than the deviations, it leads the second moment."""
    moments = dict(mean=np.array([0.0, 0, 5]), covariance=np.diag([4.0, 1, 0.5]))
    found = class_references(moments, np.array([0.0, 0, 2]), 1)
    np.testing.assert_allclose(found["covariance"][:, 0], [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(found["second_moment"][:, 0], [0, 0, 1], atol=1e-12)
    found = class_references(moments, moments["mean"], 2)
    np.testing.assert_allclose(*found.values(), atol=1e-12)


def test_comparisons_of_own_and_other_classes():
    planes = [np.eye(4)[:, :2], np.eye(4)[:, 1:3], np.eye(4)[:, 2:]]
    references = [dict(covariance=plane) for plane in planes]
    found = {(r["class_index"], r["against"]): r for r in comparisons(planes, references)}
    assert len(found) == 6
    own, others = found[0, "own"], found[0, "others"]
    assert (own["affinity"], own["angle_1"], own["angle_2"]) == (1, 0, 0)
    # One other class shares a direction, the other one shares none.
    assert (others["affinity"], others["angle_1"], others["angle_2"]) == (0.25, 45, 90)
    assert [r["against"] for r in comparisons(planes[:1], references[:1])] == ["own"]
    two = comparisons(planes[:2], references[:2])
    assert [r["against"] for r in two] == ["own", "others"] * 2


def test_the_control_has_the_closed_form():
    found = random_comparison(15, 3, 3000, np.random.default_rng(0))
    assert found["affinity"] == pytest.approx(3 / 15, rel=0.03)
    angles = [found[f"angle_{k}"] for k in (1, 2, 3)]
    assert angles == sorted(angles)
    fixed = comparison(np.eye(15)[:, :3], np.eye(15)[:, :3])
    assert fixed == dict(affinity=1, angle_1=0, angle_2=0, angle_3=0)


def low_rank_classes():
    """Two classes of 60 rows in 10 dimensions, of rank 2 up to small noise."""
    generator = np.random.default_rng(5)
    factors = generator.standard_normal((2, 60, 2)) @ generator.standard_normal((2, 2, 10))
    rows = 0.01 * (factors + 0.05 * generator.standard_normal((*factors.shape[:2], 10)))
    return rows - rows.mean(axis=1, keepdims=True)


def test_the_denoising_loss_finds_the_principal_components():
    """This is theorem 1."""
    rows = low_rank_classes()
    principal = principal_subspaces(rows, 2)
    for part, basis in zip(rows, principal, strict=True):
        vectors = np.linalg.eigh(part.T @ part)[1]
        assert affinity(basis, vectors[:, -2:]) == pytest.approx(1)
    denoised = denoised_subspaces(rows, 2, steps=400, generators=generators(2))
    assert affinity(denoised, principal).min() > 0.995
    assert affinity(denoised[0], principal[1]) < 0.9
    alone = denoised_subspaces(rows[1:], 2, steps=400, generators=generators(2)[1:])
    assert affinity(alone[0], denoised[1]) == pytest.approx(1, abs=1e-5)


def test_a_step_of_the_denoising_loss_towards_a_line():
    """For rows x = z v with E z^2 = 1 and one component u, minus half the gradient of the loss is
    E (2 s^2 - s^4) (u.v) v = 5/8 (u.v) v in the directions orthogonal to u. The first step has the
    whole learning rate, which is 0.05 for rows of any length."""
    generator = np.random.default_rng(7)
    line = np.linalg.qr(generator.standard_normal((2, 4, 1)))[0]
    rows = np.array([0.01, 30])[:, None, None] * generator.standard_normal((2, 40_000, 1)) @ line.mT
    start, after = (
        denoised_subspaces(rows, 1, steps=steps, generators=generators(2)) for steps in (0, 1)
    )
    cosine = start.mT @ line
    step = after / (start.mT @ after) - start
    expected = 0.05 * 5 / 8 * cosine * (line - start * cosine)
    np.testing.assert_allclose(step, expected, atol=0.05 * np.abs(expected).max())


class SameStart:
    """A generator of fixed normals and random seeds."""

    def __init__(self, k):
        self.integers = np.random.default_rng([11, k]).integers

    def standard_normal(self, shape):
        return np.ones(shape)


def test_every_class_has_noise_of_its_own():
    """Of 60 equal classes with equal starts, two with the same noise would find the same line."""
    rows = np.tile(np.random.default_rng(8).standard_normal((20, 5)), (60, 1, 1))
    found = denoised_subspaces(rows, 1, steps=1, generators=[SameStart(k) for k in range(60)])
    assert len(np.unique(found, axis=0)) == 60


def pair(d, m, n=12):
    generator = np.random.default_rng([d, m])
    return (random_subspaces(n, size, 1, generator)[0] for size in (d, m))


@pytest.mark.parametrize(("d", "m"), [(1, 1), (3, 3), (2, 5), (5, 2), (7, 8)])
def test_as_scipy(d, m):
    a, b = pair(d, m)
    np.testing.assert_allclose(principal_angles(a, b), subspace_angles(a, b), atol=1e-7)


@pytest.mark.parametrize("angle", [1e-12, 1e-9, 1e-4, 0.7, 1.5, np.pi / 2 - 1e-8, np.pi / 2])
def test_a_turned_plane_has_the_angle(angle):
    """Some angles have a cosine or a sine that is 1 in double precision."""
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
    assert found.mean() == pytest.approx(max(d, m) / n, abs=4 * error)
    np.testing.assert_allclose(
        principal_angles(random_subspaces(n, d, 5, generator), np.eye(n)[:, :m]) > 0.1, True
    )

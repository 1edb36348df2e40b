"""Nearest neighbours: votes worked out by hand on a line, distances by brute force."""

import numpy as np
import pytest

from gaussianity.data.neighbours import class_votes, nearest_distances

ROWS = np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
LABELS = np.array([0, 0, 0, 2, 2, 2])


def test_votes_of_each_batch():
    batches = [np.array([[0.5], [11.0]]), np.array([[10.5], [1.5], [12.0]])]
    votes = class_votes(ROWS, LABELS, iter(batches), classes=4)  # nothing real is of class 3
    assert votes.tolist() == [[1, 0, 1, 0], [1, 0, 2, 0]]


@pytest.mark.parametrize(("neighbours", "votes"), [(1, [0, 1]), (3, [1, 0])])
def test_neighbours_outvote_the_nearest(neighbours, votes):
    labels = np.array([0, 1, 0, 1, 1, 1])
    found = class_votes(ROWS, labels, [np.array([[1.1]])], classes=2, neighbours=neighbours)
    assert found.tolist() == [votes]


def test_nearest_distances_by_hand():
    rows = np.array([[0.0], [1.0], [4.0]])
    assert nearest_distances(rows).tolist() == [1, 1, 3]
    assert nearest_distances(rows, np.array([[3.5], [0.0]])).tolist() == [0, 1, 0.5]


def test_uniform_points_on_a_line_have_the_closed_form():
    """Spacings of n uniform points are exponential of mean 1/n. The smaller of two spacings has the
    mean square 2 / (2n)^2, so that the sum over the points is 1 / (2n), up to the ends."""
    n = 4000
    rows = np.random.default_rng(1).uniform(size=(n, 1))
    assert (nearest_distances(rows) ** 2).sum() == pytest.approx(1 / (2 * n), rel=0.1)


@pytest.mark.parametrize("others", [True, False])
def test_nearest_distances_are_those_of_all_pairs(others):
    generator = np.random.default_rng(0)
    rows, fresh = generator.standard_normal((1100, 3)), generator.standard_normal((40, 3))
    pairs = np.linalg.norm(rows[:, None] - (fresh if others else rows)[None], axis=2)
    if not others:
        np.fill_diagonal(pairs, np.inf)
    found = nearest_distances(rows, fresh if others else None)
    np.testing.assert_allclose(found, pairs.min(axis=1), rtol=1e-12)

"""The closed form against the pseudoinverse, its limits and its properties."""

import numpy as np
import pytest

from gaussianity.classifiers.least_squares import least_squares_classifiers, solve
from gaussianity.classifiers.splits import Split


def system(n, d, seed=0):
    generator = np.random.default_rng(seed)
    return generator.standard_normal((n, d)), generator.standard_normal((n, 3))


def test_interpolates_with_the_least_norm():
    rows, targets = system(5, 12)
    weights = solve(rows, targets)
    np.testing.assert_allclose(rows @ weights, targets, atol=1e-10)
    null = np.eye(12) - np.linalg.pinv(rows) @ rows
    np.testing.assert_allclose(null @ weights, 0, atol=1e-10)  # no part outside the rows' span


@pytest.mark.parametrize(("n", "d"), [(5, 12), (12, 5)])
def test_equation_5_and_the_pseudoinverse(n, d):
    rows, targets = system(n, d)
    np.testing.assert_allclose(solve(rows, targets), np.linalg.pinv(rows) @ targets, atol=1e-10)
    if n < d:
        equation = rows.T @ np.linalg.inv(rows @ rows.T) @ targets
        np.testing.assert_allclose(solve(rows, targets), equation, atol=1e-10)


def test_rounding_to_float32_adds_no_directions():
    """Rows of rank 4 in 12 dimensions, stored in float32: the solution is that of rank 4."""
    rows, targets = system(40, 4)
    low = rows @ np.random.default_rng(1).standard_normal((4, 12))
    found = solve(low.astype(np.float32), targets)
    np.testing.assert_allclose(found, np.linalg.pinv(low, rcond=1e-10) @ targets, atol=1e-5)


@pytest.mark.parametrize(("n", "d"), [(5, 12), (12, 5)])
def test_ridge_on_either_side(n, d):
    rows, targets = system(n, d)
    expected = np.linalg.solve(rows.T @ rows + 0.7 * np.eye(d), rows.T @ targets)
    np.testing.assert_allclose(solve(rows, targets, 0.7), expected, atol=1e-10)
    np.testing.assert_allclose(solve(rows, targets, 1e-9), solve(rows, targets), atol=1e-6)


def test_classifiers_by_hand():
    """The training images are the basis, so the weights are the one-hot labels."""
    rows = np.array([[1.0, 0.0], [0.0, 1.0], [0.9, 0.2], [0.4, 0.5], [0.6, 0.5]])
    one_hot = np.eye(2)[[0, 1, 0, 1, 1]]
    split = Split(train={1: np.array([0, 1])}, validation=np.array([2, 3, 4]), test=np.array([2]))
    (row,) = least_squares_classifiers(rows, one_hot, split)
    assert (row["train_size"], row["train_accuracy"]) == (1, 1.0)
    assert row["validation_accuracy"] == pytest.approx(2 / 3)
    errors = [0.1**2, 0.2**2, 0.4**2, 0.5**2, 0.6**2, 0.5**2]
    assert row["validation_loss"] == pytest.approx(np.mean(errors))
    assert row["rate_at_edge"] is False
    assert (row["epochs"], row["best_epoch"]) == (0, 0)
    assert row["train_loss"] == pytest.approx(0.0, abs=1e-20)

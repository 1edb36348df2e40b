import numpy as np
import pytest

from gaussianity.linear.locality import filter_rows, radius, row_correlation


def test_radius_of_a_cross():
    """The pixel itself with weight 1 and its four neighbours with 1/2: sqrt(4/4 / 2)."""
    row = np.zeros((5, 5))
    row[2, 2], row[[1, 3, 2, 2], [2, 2, 1, 3]] = 1, 0.5
    assert radius(row.ravel(), (1, 5, 5), 12) == pytest.approx(np.sqrt(0.5))


def test_radius_counts_the_channels_of_a_place_together():
    row = np.zeros((3, 4, 4))
    row[0, 1, 1], row[2, 1, 3] = 1, 1
    assert radius(row.ravel(), (3, 4, 4), 16 + 5) == pytest.approx(np.sqrt(2))


def test_rows_and_their_correlation():
    matrix = np.array([[1.0, 2], [3, 4]])
    assert filter_rows(matrix, [1]).tolist() == [[3, 4]]
    assert row_correlation(matrix[1], 2 * matrix[1]) == pytest.approx(1)
    assert row_correlation(np.array([1.0, 0]), np.array([1.0, 1])) == pytest.approx(np.sqrt(0.5))

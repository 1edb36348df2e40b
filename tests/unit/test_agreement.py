"""The vote of the nearest real images, worked out by hand on a line."""

import numpy as np
import pytest

from gaussianity.agreement import class_agreement

ROWS = np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]])
LABELS = np.array([4, 4, 4, 7, 7, 7])


def test_share_of_each_intended_class():
    generated = np.array([[0.5], [11.0], [10.5], [1.5], [12.0]])
    intended = np.array([4, 4, 7, 7, 7])
    assert class_agreement(ROWS, LABELS, generated, intended) == {4: 1 / 2, 7: pytest.approx(2 / 3)}


def test_only_intended_classes_are_reported():
    assert class_agreement(ROWS, LABELS, ROWS[3:], [7, 7, 7]) == {7: 1.0}


@pytest.mark.parametrize(("neighbours", "share"), [(1, 0.0), (3, 1.0)])
def test_neighbours_outvote_the_nearest(neighbours, share):
    labels = np.array([4, 7, 4, 7, 7, 7])
    found = class_agreement(ROWS, labels, np.array([[1.1]]), [4], neighbours=neighbours)
    assert found == {4: share}

"""Second moments in memory, and read again from their files."""

import numpy as np
import pytest

from gaussianity.classifiers.second_moments import second_moments


def test_few_rows_bound_the_directions():
    generator = np.random.default_rng(0)
    rows = [generator.standard_normal((6, 30)) for _ in range(2)]

    def read(k):
        return rows[k].mean(axis=0), np.cov(rows[k].T)

    assert second_moments(read, 2, 12).directions == 12
    assert second_moments(read, 2, 12, in_memory=10).directions == 12


def test_means_and_second_moments_by_hand():
    """The second moments are diag(2, 4, 0) and diag(4, 1, 0).

    Their mean has the eigenvalues 3, 5/2 and 0, and the trace 11/2.
    """
    means = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    covariances = np.array([np.diag([2.0, 4.0, 0.0]), np.diag([4.0, 0.0, 0.0])])

    def read(k):
        return means[k].copy(), covariances[k].copy()

    held = second_moments(read, 2, 10**9)
    assert held.directions == 2
    assert held.smallest == pytest.approx(2.5, rel=1e-12)
    spectra = [np.linalg.eigvalsh(second) for second in held.seconds]
    np.testing.assert_allclose(spectra, [[2, 4], [1, 4]], rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(held.means, axis=1), [0, 1], atol=1e-12)
    streamed = second_moments(read, 2, 10**9, in_memory=2)
    assert streamed.directions == 2
    assert streamed.smallest == pytest.approx(1e-11 * 5.5, rel=1e-12)
    np.testing.assert_array_equal(streamed.means, means[:, :2])
    np.testing.assert_array_equal(streamed.seconds[0], np.diag([2, 4]))
    np.testing.assert_array_equal(streamed.seconds[1], np.diag([4, 1]))


def test_a_unit_does_not_change_the_directions():
    """The share of the largest eigenvalue decides: 1e-14 counts as 0, and 1e-11 does not."""
    for unit in (1e-9, 1.0, 1e9):
        for least, expected in ((1e-14, 2), (1e-11, 3)):
            covariance = unit * np.diag([1.0, 0.5, least])
            held = second_moments(lambda k, c=covariance: (np.zeros(3), c.copy()), 2, 10**9)
            assert held.directions == expected
            assert held.smallest == pytest.approx(unit * (0.5 if expected == 2 else least))


def test_matrices_that_are_read_again_end_after_the_last_class():
    asked = []

    def read(k):
        asked.append(k)
        return np.zeros(3), np.eye(3)

    seconds = second_moments(read, 2, 10**9, in_memory=2).seconds
    asked.clear()
    assert len(seconds) == len(list(seconds)) == 2
    for outside in (-1, 2):
        with pytest.raises(IndexError):
            seconds[outside]
    assert asked == [0, 1]

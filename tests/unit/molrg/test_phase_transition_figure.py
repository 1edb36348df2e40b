"""The panels of the figure of success rates."""

import numpy as np
import pandas as pd
from molrg_figure_cases import trials_of

from gaussianity.molrg.figures import phase_transition
from gaussianity.molrg.success_rates import success_rates


def test_every_map_has_its_panel():
    conditions = [0.0, 0.05]
    maps = [("svd", 1), ("clustering", 2), ("orthogonal", 2), ("sgd", 1), ("sgd", 2)]
    trials = trials_of([(*key, noise) for noise in conditions for key in maps], 4)
    drawn = phase_transition.draw(success_rates(trials, 0.5))
    shown = [panel for panel in drawn.axes if panel.get_visible() and panel.get_title()]
    assert [panel.get_title() for panel in shown] == [
        *("SVD, K = 1", "clustering, K = 2", "orthonormal, K = 2", "SGD, K = 1", "SGD, K = 2"),
        *("SVD, K = 1, noise 0.05", "clustering, K = 2, noise 0.05"),
        *("orthonormal, K = 2, noise 0.05", "SGD, K = 1, noise 0.05", "SGD, K = 2, noise 0.05"),
    ]
    rates = shown[0].collections[0].get_array().reshape(2, 3)
    np.testing.assert_array_equal(rates, [[1, 1, 1], [0, 1, 1]])
    staircase = shown[0].lines[0].get_xydata()  # between N < d and N >= d, to the upper edge
    np.testing.assert_array_equal(np.diff(staircase[:, 1]), [1, 1])
    np.testing.assert_array_equal(staircase[-1], staircase[-2] + [0, 1])


def map_of(dimensions, samples):
    """The panel of one map of SVD."""
    rows = [
        dict(method="svd", components=1, noise=0.0, dimension=d, samples=n, trial=0)
        | dict(spectral=float(n < d), frobenius=0.0)
        for d in dimensions
        for n in samples
    ]
    drawn = phase_transition.draw(success_rates(pd.DataFrame(rows), 0.5))
    return drawn.axes[0]


def test_the_staircase_stays_within_the_map():
    """Between N = d - 1 and N = d, and at the edge where no such N is in the map."""
    stairs = map_of((2, 3, 5, 9), (3, 4, 5, 6)).lines[0].get_xydata()
    np.testing.assert_array_equal(stairs[:, 0], [2.5, 2.5, 4.5, 6.5, 6.5])
    np.testing.assert_array_equal(stairs[:, 1], [1.5, 2.5, 4.5, 8.5, 9.5])


def test_maps_of_many_cells_have_fewer_ticks_than_cells():
    panel = map_of(range(2, 14), range(2, 20))
    assert 2 < len(panel.get_xticks()) < 12
    assert 2 < len(panel.get_yticks()) < 9
    assert set(panel.get_xticks()) <= set(range(2, 20))


def test_only_the_lowest_row_names_its_axis():
    maps = [(method, 1, noise) for noise in (0.0, 0.1) for method in ("svd", "sgd")]
    drawn = phase_transition.draw(success_rates(trials_of(maps, 4), 0.5))
    named = [bool(panel.get_xlabel()) for panel in drawn.axes[:-1]]  # the last one is the bar
    assert named == [False] * 3 + [True]

"""The panels of the figure of success rates."""

import numpy as np
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

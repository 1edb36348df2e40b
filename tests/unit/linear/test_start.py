import numpy as np
import pytest

from gaussianity.linear.start import saved, steps_below, steps_of_loss


def test_saved_evaluations():
    assert saved(0, 18) == 0
    assert saved(6, 18) == pytest.approx(12 / 35)


def test_steps_below_a_divergence():
    """nats .01 per e-fold between levels an e-fold apart: after two of them .02."""
    sigmas = np.exp([4.0, 3, 2, 1])
    assert steps_below(sigmas, np.full(4, 0.01), 0.02 + 1e-12) == 2
    assert steps_below(sigmas, np.full(4, 0.01), 0.005) == 0
    assert steps_below(sigmas, [0, 0, 0, 1.0], 0.1) == 2


def test_steps_of_loss_ends_where_the_network_is_better():
    assert steps_of_loss([80, 10, 2, 1], [5, 4, 3, 2], [6, 4, 2, 3]) == 1
    assert steps_of_loss([80, 10], [1, 1], [2, 2]) == 1
    assert steps_of_loss([80, 10], [2, 2], [1, 1]) == -1

import numpy as np
import pytest

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.errors import InputError
from gaussianity.linear.start import (
    nats_of_states,
    saved,
    start_levels,
    steps_below,
    steps_of_loss,
)
from gaussianity.sampling.gaussian_start import GaussianStart


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


def test_the_level_of_a_start():
    """.01 nats an e-fold: the bound sqrt(kl / 2) of .1 allows two e-folds below the highest."""
    sigmas, nats = np.exp([4.0, 3, 2, 1]), np.full(4, 0.01)
    found = start_levels(sigmas, nats, None, 0.1 + 1e-12)
    np.testing.assert_array_equal(found["is_start"], [0, 0, 1, 0])
    np.testing.assert_allclose(found["kl"], [0, 0.01, 0.02, 0.03])
    np.testing.assert_allclose(found["bound"], np.sqrt([0, 0.005, 0.01, 0.015]))
    given = start_levels(sigmas, nats, np.exp(2.5), 0.1)
    np.testing.assert_array_equal(given["is_start"], [0, 1, 0, 0])


def test_a_given_level_must_be_within_the_bound():
    expected = (
        r"config: sampling.start_level: expected a level at which the images' distribution moves "
        r"by at most 0.05 in total variation \(sampling.start_bound\), found 0.1 at sigma 7.39"
    )
    with pytest.raises(InputError, match=expected):
        start_levels(np.exp([4.0, 3, 2]), np.full(3, 0.01), np.exp(2), 0.05)


def test_nats_of_states_are_those_of_a_shift():
    """A denoiser that is off by .3 in each of 3 pixels: .27 / sigma^2 nats."""
    gaussian = GaussianDenoiser.of_moments(np.ones((1, 3)), 2 * np.eye(3)[None], (1, 1, 3))
    start = GaussianStart.of_class(gaussian, 0, 0)

    def shifted(x, sigma, class_labels):
        return gaussian(x, sigma, class_labels) + 0.3

    shifted.label_dim = 1
    normal = np.random.default_rng(0).standard_normal((10, 1, 1, 3))
    found = nats_of_states(shifted, 0, start, [0.5, 2.0], normal, batch_size=4)
    np.testing.assert_allclose(found, [0.27 / 0.25, 0.27 / 4])

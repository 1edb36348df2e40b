import numpy as np
import pytest
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.linear.start import (
    deterministic_state,
    random_state,
    saved,
    steps_below,
    steps_of_loss,
)
from gaussianity.sampling.sampler import walk

VARIANCES = np.array([4.0, 0.25])
MEAN = np.array([1.0, -2, 0.5])
VECTORS = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0][:2]


def test_the_state_is_that_of_many_small_steps():
    """The third direction has no variance."""
    covariance = VECTORS.T * VARIANCES @ VECTORS
    denoiser = GaussianDenoiser.of_moments(MEAN[None], covariance[None], (1, 1, 3))
    label = torch.ones(4, 1)
    steps = list(walk(denoiser, range(4), label, steps=600))
    latent, (step, state) = steps[0][1], next((s, x) for s, x, *_ in steps if s.sigma < 1)
    found = deterministic_state(
        latent.numpy().reshape(4, 3), MEAN, VECTORS, VARIANCES, 80.0, step.sigma
    )
    np.testing.assert_allclose(found, state.numpy().reshape(4, 3), atol=2e-4)


def test_a_random_state_has_the_exact_moments():
    normal = np.random.default_rng(1).standard_normal((200_000, 3))
    found = random_state(normal, MEAN, VECTORS, VARIANCES, 0.7)
    covariance = VECTORS.T * VARIANCES @ VECTORS + 0.49 * np.eye(3)
    np.testing.assert_allclose(found.mean(axis=0), MEAN, atol=0.02)
    np.testing.assert_allclose(np.cov(found.T), covariance, atol=0.04)


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

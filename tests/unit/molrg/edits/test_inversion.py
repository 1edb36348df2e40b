"""Inversion of the deterministic sampler against the closed form of normal data."""

import numpy as np
import pytest
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.molrg.edits.inversion import inverted_state, round_trip_error
from gaussianity.molrg.edits.semantic_directions import State
from gaussianity.sampling.limits import LOWEST

D = 16
VARIANCES = 4 * (1.0 + torch.arange(D, dtype=torch.float64)) ** -1.5
LABELS = torch.eye(2)[[0, 1, 1]]


@pytest.fixture(scope="module")
def normal():
    """Two classes of one covariance, diagonal in the pixels, and of different means."""
    denoiser = GaussianDenoiser(image_shape=(1, 4, 4), label_dim=2, rank=D)
    denoiser.mean[:] = torch.tensor([[0.3], [-0.5]])
    denoiser.vectors[:], denoiser.variances[:] = torch.eye(D).double(), VARIANCES
    return denoiser


@pytest.fixture(scope="module")
def images():
    return torch.from_numpy(np.random.default_rng(0).standard_normal((3, 1, 4, 4)))


def test_the_state_is_on_the_closed_forms_trajectory(normal, images):
    """For N(mean, v) the ODE scales the distance from the class's mean by
    sqrt((v + sigma^2) / (v + sigma_min^2))."""
    state = inverted_state(normal, images, LABELS, 3.0, steps=200)
    mean = torch.tensor([0.3, -0.5, -0.5]).double()[:, None]
    gain = ((VARIANCES + 9) / (VARIANCES + LOWEST**2)).sqrt()
    expected = mean + gain * (images.flatten(1) - mean)
    torch.testing.assert_close(state.x.flatten(1), expected, rtol=1e-3, atol=1e-3)
    assert state.sigma == pytest.approx(3.0)
    assert len(state.steps) == 200
    assert state.steps[-1].sigma_next == 0


def errors(normal, images, steps):
    return round_trip_error(inverted_state(normal, images, LABELS, 3.0, steps=steps), images)


def test_the_error_of_the_round_trip_falls_faster_than_heuns(normal, images):
    """A step of Heun's method has an error of order h^3. Up and down these errors cancel, so that
    twice the steps leave an eighth or less."""
    found = [float(errors(normal, images, n).mean()) for n in (10, 20, 40)]
    assert found[0] / found[1] > 7
    assert found[1] / found[2] > 7
    assert found[0] < 0.01


def test_many_steps_leave_the_error_of_the_last_step_to_zero(normal, images):
    """It goes from x to D(x; sigma_min), nearer to the mean by sigma_min^2 / (v + sigma_min^2)."""
    mean = torch.tensor([0.3, -0.5, -0.5]).double()[:, None]
    nearer = (images.flatten(1) - mean) * LOWEST**2 / (VARIANCES + LOWEST**2) / 2
    expected = nearer.square().mean(dim=1).sqrt()
    torch.testing.assert_close(errors(normal, images, 400), expected, rtol=0.02, atol=0)


def test_the_images_are_those_of_the_way_down(normal, images):
    state = inverted_state(normal, images, LABELS, 3.0, steps=12)
    x = state.x
    for step in state.steps:
        x = step(x)
    torch.testing.assert_close(x, state.images, rtol=0, atol=0)


def test_the_levels_are_those_of_the_networks_training(normal, images, monkeypatch):
    monkeypatch.setattr(normal, "sigma_min", 0.1, raising=False)
    monkeypatch.setattr(normal, "sigma_max", 2.0, raising=False)
    state = inverted_state(normal, images, LABELS, 3.0, steps=5)
    assert state.sigma == pytest.approx(2.0)
    assert state.steps[-1].sigma == pytest.approx(0.1)


def test_the_error_by_hand():
    """Every pixel of the second image differs by 0.4 of -1 to 1, which is 0.2 of 0 to 1."""
    images = torch.zeros(2, 1, 2, 2).double()
    found = images + torch.tensor([0.0, 0.4]).double()[:, None, None, None]
    errors = round_trip_error(State(images, [], found), images)
    torch.testing.assert_close(errors, torch.tensor([0.0, 0.2]).double())

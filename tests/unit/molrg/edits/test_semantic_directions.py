"""Edits along singular vectors against the closed form of normal data."""

import math

import numpy as np
import pytest
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser, Unlabelled
from gaussianity.molrg.edits.semantic_directions import (
    both_signs,
    edited_images,
    leading_singular_vectors,
    state_at,
    unit_directions,
    whole_singular_vectors,
)
from gaussianity.sampling.contraction import gaussian_step_eigenvalues
from gaussianity.sampling.sampler import sample, sigma_schedule

D = 16
VARIANCES = 4 * (1.0 + torch.arange(D, dtype=torch.float64)) ** -1.5


def basis():
    draw = torch.randn(D, D, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return torch.linalg.qr(draw)[0].T


@pytest.fixture(scope="module")
def normal():
    """Two classes of one covariance, whose eigenvectors are the rows of `basis`."""
    denoiser = GaussianDenoiser(image_shape=(1, 4, 4), label_dim=2, rank=D)
    denoiser.mean[:] = torch.tensor([[0.3], [-0.5]])
    denoiser.vectors[:], denoiser.variances[:] = basis(), VARIANCES
    return denoiser


@pytest.fixture(scope="module")
def state(normal):
    return state_at(normal, (0, 1, 2), torch.eye(2)[[0, 1, 0]], 2.0, steps=36)


def normals(n, m, seed=0):
    return torch.from_numpy(np.random.default_rng(seed).standard_normal((n, m, D)))


def test_the_state_is_the_samplers(normal, state):
    images = sample(normal, (0, 1, 2), torch.eye(2)[[0, 1, 0]], steps=36)
    torch.testing.assert_close(state.images, images, rtol=0, atol=0)
    x = state.x
    for step in state.steps:
        x = step(x)
    torch.testing.assert_close(x, images, rtol=0, atol=0)
    levels = [step.sigma for step in state.steps]
    assert levels == sorted(levels, reverse=True)
    others = sigma_schedule(36)[:-1].log() - math.log(2.0)
    assert float(others.abs().min()) == pytest.approx(abs(math.log(state.sigma / 2.0)))
    assert len(state.steps) == 36 - int(others.abs().argmin())


def test_singular_vectors_are_the_covariances_eigenvectors(state):
    """The denoiser is linear, C (C + sigma^2)^-1. The sum of a vector's entries is not negative."""
    expected = basis()[:5]
    found, exact = whole_singular_vectors(state, 5)
    torch.testing.assert_close((found @ expected.T).abs(), torch.eye(5).double().expand(3, 5, 5))
    assert (found.sum(dim=-1) >= 0).all()
    generators = [np.random.default_rng(i) for i in range(3)]
    products, residual = leading_singular_vectors(state, 5, 8, generators)
    torch.testing.assert_close(products, found, rtol=0, atol=1e-4)
    assert not exact.any()
    assert residual.shape == (3, 5)
    assert residual.max() < 1e-3
    early = leading_singular_vectors(state, 5, 2, generators)[1]
    assert early.min() > residual.max()


def test_an_edit_moves_the_image_by_the_closed_form(state):
    """An edit of strength s along eigenvector i moves the image of any class along i only, by s
    sigma times the product of the steps' eigenvalues."""
    strengths = both_signs([0.5, 3.0])
    images = edited_images(state, whole_singular_vectors(state, D)[0], strengths, batch_size=7)
    gains = np.prod(
        [gaussian_step_eigenvalues(VARIANCES, s.sigma, s.sigma_next) for s in state.steps], axis=0
    )
    moved = (images - state.images[:, None, None]).flatten(3)
    vectors = whole_singular_vectors(state, D)[0]
    scale = state.sigma * torch.tensor(strengths).double()[:, None, None]
    expected = scale * torch.from_numpy(gains)[:, None] * vectors[:, None]
    torch.testing.assert_close(moved, expected.transpose(1, 2), rtol=1e-9, atol=1e-11)
    # The limit for infinitely many steps: the map between two normal distributions.
    limit = (VARIANCES / (VARIANCES + state.sigma**2)).sqrt().numpy()
    np.testing.assert_allclose(gains, limit, rtol=0.02)


def test_no_strength_is_no_edit_and_batches_change_nothing(state):
    vectors = whole_singular_vectors(state, 2)[0]
    images = edited_images(state, vectors, [0.0, 1.0], batch_size=100)
    torch.testing.assert_close(images[:, 0, 0], state.images)
    torch.testing.assert_close(edited_images(state, vectors, [0.0, 1.0], batch_size=1), images)


def test_an_unlabelled_denoiser_chooses_the_class_by_itself(normal):
    """An edit along the direction between two distant classes changes the class."""
    apart = GaussianDenoiser(image_shape=(1, 4, 4), label_dim=2, rank=D)
    apart.mean[:] = torch.tensor([[0.8], [-0.8]])
    apart.vectors[:], apart.variances[:] = basis(), 0.01
    state = state_at(Unlabelled(apart), range(6), None, 1.5, steps=18)
    vectors = whole_singular_vectors(state, 1)[0]
    images = edited_images(state, vectors, [-4.0, 4.0], batch_size=64)[:, 0].flatten(2).mean(dim=2)
    torch.testing.assert_close(images.sign(), torch.tensor([[-1.0, 1.0]]).double().expand(6, 2))
    torch.testing.assert_close(
        vectors.abs(), torch.full((6, 1, D), D**-0.5).double(), atol=0.01, rtol=0
    )


def test_directions_are_of_equal_length_inside_outside_and_between(state):
    vectors = whole_singular_vectors(state, 5)[0]
    found = unit_directions(vectors, normals(3, 4))
    assert list(found) == ["singular", "random", "inside", "outside"]
    for moves in found.values():
        torch.testing.assert_close(moves.norm(dim=-1), torch.ones(moves.shape[:2]).double())
    held = {kind: (moves @ vectors.mT).square().sum(dim=-1) for kind, moves in found.items()}
    torch.testing.assert_close(held["inside"], torch.ones(3, 4).double())
    torch.testing.assert_close(held["outside"], torch.zeros(3, 4).double())
    assert ((held["random"] > 0.01) & (held["random"] < 0.99)).all()
    torch.testing.assert_close(found["singular"], vectors, rtol=0, atol=0)


def test_random_directions_hold_their_share_of_the_span():
    """The share is k/d on average, here 1/4 with an error of 0.005 for 10,000 directions."""
    vectors = torch.eye(D).double()[None, :4]
    found = unit_directions(vectors, normals(1, 10_000))["random"]
    share = float((found @ vectors.mT).square().sum(dim=-1).mean())
    np.testing.assert_allclose(share, 0.25, atol=0.005)

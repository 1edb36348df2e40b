"""Mixtures of low-rank Gaussians against Monte Carlo, their limits and their derivatives."""

import numpy as np
import pytest
import torch
from random_mixture import random_mixture

from gaussianity.denoisers.files import load_denoiser, save_denoiser
from gaussianity.denoisers.low_rank import (
    PosteriorMeanDenoiser,
    padded,
    posterior_mean,
    posterior_weights,
)
from gaussianity.molrg.mixture import LowRankMixture, random_bases, random_rows
from gaussianity.sampling.sampler import sample


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture
def mixture():
    """Two components of 2 and 1 dimensions in 6, not orthogonal to each other."""
    return random_mixture(generator(1), 6, [2, 1], [0.7, 0.3], orthogonal=False)


def rows(m, n, seed=2):
    return torch.from_numpy(generator(seed).standard_normal((m, n)))


def arguments(mixture):
    return padded(mixture.bases), torch.tensor(mixture.weights, dtype=torch.float64)


def test_random_bases_are_orthonormal_and_orthogonal_where_asked():
    together = padded(random_bases([generator(0), generator(1)], 7, [3, 2]))
    assert together.shape == (2, 2, 7, 3)
    flat = torch.cat([together[:, 0], together[:, 1, :, :2]], dim=2)
    torch.testing.assert_close(flat.mT @ flat, torch.eye(5, dtype=flat.dtype).expand(2, 5, 5))
    apart = random_bases([generator(0)], 7, [3, 2], orthogonal=False)
    assert (apart[0][0].T @ apart[1][0]).abs().max() > 0.1
    alone = random_bases([generator(1)], 7, [3, 2])
    torch.testing.assert_close(alone[0][0], together[1, 0])


def test_random_subspaces_are_uniform():
    """The mean of U U^T is d/n I, the variance of its entries falls with the trials."""
    basis = random_bases([generator(seed) for seed in range(2000)], 4, [2])[0]
    mean = (basis @ basis.mT).mean(dim=0)
    torch.testing.assert_close(mean, torch.eye(4, dtype=mean.dtype) / 2, atol=0.03, rtol=0)


def test_samples_have_the_covariance_of_the_mixture(mixture):
    found, labels = mixture.sample(generator(), 100_000, noise=0.5)
    expected = mixture.covariance + 0.25 * torch.eye(6)
    torch.testing.assert_close(found.T.cov(), expected, atol=0.015, rtol=0)
    assert abs((labels == 0).double().mean() - 0.7) < 0.006
    exact, labels = mixture.sample(generator(), 50)
    assert torch.linalg.matrix_rank(exact[labels == 0]) == 2


def test_rows_of_trials_lie_in_their_subspaces():
    generators = [generator(seed) for seed in range(3)]
    bases = random_bases(generators, 9, [2, 3])
    found, labels = random_rows(generators, bases, [4, 5])
    assert labels.tolist() == [0] * 4 + [1] * 5
    for k, basis in enumerate(bases):
        part = found[:, labels == k]
        torch.testing.assert_close(part @ basis @ basis.mT, part)
    noisy, _ = random_rows(generators, bases, [4000, 4000], noise=0.1)
    outside = noisy[:, :4000] - noisy[:, :4000] @ bases[0] @ bases[0].mT
    torch.testing.assert_close(
        outside.square().sum(2).mean(), torch.tensor(0.07).double(), atol=2e-3, rtol=0
    )


@pytest.mark.parametrize(("s", "gamma"), [(0.8, 0.7), (1.0, 0.4), (1.0, 2.0)])
def test_posterior_mean_against_importance_weights(mixture, s, gamma):
    """E(x_0 | x_t) = E[x_0 p(x_t | x_0)] / E[p(x_t | x_0)], within 5 standard errors."""
    drawn, _ = mixture.sample(generator(3), 100_000)
    for x in 0.8 * rows(3, 6):
        logits = -(x - s * drawn).square().sum(dim=1) / (2 * gamma**2)
        w = logits.softmax(dim=0)[:, None]
        estimate = (w * drawn).sum(dim=0)
        error = (w * (drawn - estimate)).square().sum(dim=0).sqrt()
        found = posterior_mean(x[None], *arguments(mixture), s, gamma)[0]
        assert error.max() < 0.04
        assert ((found - estimate).abs() < 5 * error).all()


def test_one_component_is_the_linear_shrinkage():
    """Equation 11: s / (s^2 + gamma^2) U U^T x."""
    mixture = random_mixture(generator(), 5, [2])
    x, (s, gamma) = rows(4, 5), (0.6, 0.9)
    expected = s / (s**2 + gamma**2) * x @ mixture.bases[0] @ mixture.bases[0].T
    torch.testing.assert_close(posterior_mean(x, *arguments(mixture), s, gamma), expected)


def test_a_whole_space_is_the_isotropic_normal(mixture):
    x, whole = rows(4, 6), LowRankMixture((torch.eye(6),))
    torch.testing.assert_close(posterior_mean(x, *arguments(whole), 1.0, 0.5), x / 1.25)
    twice = LowRankMixture((torch.eye(6), torch.eye(6).flip(0)), (0.2, 0.8))
    torch.testing.assert_close(posterior_mean(x, *arguments(twice), 1.0, 0.5), x / 1.25)


def test_weights_at_high_and_low_noise(mixture):
    """At high noise the weights are the prior. At low noise the weight of a row's own component
    tends to 1; rows in two nested components go to the one of fewer dimensions."""
    bases, weights = arguments(mixture)
    x, labels = mixture.sample(generator(5), 8)

    def found(rows, gamma):
        return posterior_weights(rows[None] @ bases, bases, weights, 1.0, gamma)

    torch.testing.assert_close(found(x, 1e6), weights[:, None].expand(2, 8))
    own = found(x, 1e-5)[labels, torch.arange(8)]
    torch.testing.assert_close(own, torch.ones(8, dtype=torch.float64))
    nested = LowRankMixture((torch.eye(6)[:, :2], torch.eye(6)[:, :1]), (0.5, 0.5))
    bases, weights = arguments(nested)
    line = torch.eye(6, dtype=torch.float64)[:1]
    expected = torch.tensor([[0.01], [1.0]], dtype=torch.float64) / 1.01
    torch.testing.assert_close(found(line, 0.01), expected, rtol=1e-3, atol=0)


def test_rows_of_different_noise_and_trials_at_once(mixture):
    bases, weights = arguments(mixture)
    x, gamma = rows(8, 6).reshape(2, 4, 6), rows(8, 1).abs().reshape(2, 4)
    together = posterior_mean(x, bases.expand(2, *bases.shape), weights, 0.9, gamma)
    for i in range(2):
        for j in range(4):
            alone = posterior_mean(x[i, j : j + 1], bases, weights, 0.9, float(gamma[i, j]))
            torch.testing.assert_close(together[i, j], alone[0])


@pytest.mark.parametrize("gamma", [0.05, 0.6, 5.0])
def test_the_jacobian_is_symmetric_and_of_low_rank(mixture, gamma):
    x = rows(3, 6)
    for row in x:
        found = torch.autograd.functional.jacobian(
            lambda y: posterior_mean(y[None], *arguments(mixture), 0.8, gamma)[0], row
        )
        assert torch.linalg.matrix_rank(found, rtol=1e-10) <= 3
        torch.testing.assert_close(found, found.mT)


@pytest.fixture
def denoiser(mixture):
    return PosteriorMeanDenoiser.of_mixture(mixture, (3, 1, 2))


def test_the_denoiser_is_the_posterior_mean(denoiser, mixture):
    x = rows(4, 6).reshape(4, 3, 1, 2)
    expected = posterior_mean(x.flatten(1), *arguments(mixture), 1.0, 0.3)
    torch.testing.assert_close(denoiser(x, 0.3).flatten(1), expected)
    levels = torch.tensor([0.1, 1.0, 10.0, 0.5])
    torch.testing.assert_close(denoiser(x, levels)[2:3], denoiser(x[2:3], 10.0))


def test_the_dtype_of_the_input(denoiser):
    x = rows(4, 6).reshape(4, 3, 1, 2)
    exact, rounded = denoiser(x, 0.3), denoiser(x.float(), 0.3)
    assert (exact.dtype, rounded.dtype) == (torch.float64, torch.float32)
    torch.testing.assert_close(rounded.double(), exact, rtol=1e-5, atol=1e-5)


def test_heun_from_the_exact_denoiser_gives_the_mixture(denoiser, mixture):
    images = sample(denoiser, range(4000), steps=18).flatten(1)
    torch.testing.assert_close(images.T.cov(), mixture.covariance, atol=0.06, rtol=0)
    bases = torch.stack([u @ u.T for u in mixture.bases])
    off = (images - images @ bases).norm(dim=2).amin(dim=0)
    assert off.median() < 0.01  # every image ends in one of the subspaces


def test_saved_and_loaded(denoiser, tmp_path):
    save_denoiser(denoiser, tmp_path / "d.safetensors")
    loaded = load_denoiser(tmp_path / "d.json")
    x = rows(2, 6).reshape(2, 3, 1, 2)
    assert torch.equal(loaded(x, 0.7), denoiser(x, 0.7))
    assert (loaded.kind, loaded.image_shape, loaded.label_dim) == (denoiser.kind, (3, 1, 2), 0)


def test_bad_mixtures_and_calls(denoiser):
    line = torch.eye(3)[:, :1]
    for bases, weights, message in (
        ((line, torch.eye(4)[:, :1]), (), r"of one space, found \[\(3, 1\), \(4, 1\)\]"),
        ((line, 2 * line), (), r"basis 1 must have orthonormal columns, U\^T U is off by 3"),
        ((line,), (0.4, 0.6), r"1 positive numbers of sum 1, found \(0.4, 0.6\)"),
        ((line, line), (1.5, -0.5), "2 positive numbers of sum 1"),
        ((line, line), (0.5, 0.4), "2 positive numbers of sum 1"),
        ((line, line), (1.0, 0.0), "2 positive numbers of sum 1"),
    ):
        with pytest.raises(ValueError, match=message):
            LowRankMixture(bases, weights)
    with pytest.raises(ValueError, match=r"subspaces of \[3, 2\] dimensions do not fit into 4"):
        random_bases([generator()], 4, [3, 2])
    with pytest.raises(ValueError, match="class_labels must be None"):
        denoiser(rows(1, 6).reshape(1, 3, 1, 2), 1.0, torch.ones(1, 2))

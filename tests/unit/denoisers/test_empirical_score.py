"""The exact denoiser of a training set: dense formula, and invariance under chunking."""

import math

import numpy as np
import pytest
import torch

from gaussianity.denoisers import empirical_score
from gaussianity.denoisers.empirical_score import EmpiricalDenoiser, noised_weights, weights
from gaussianity.manifold.process import noise_level, score_of, spread
from gaussianity.sampling.sampler import sample


@pytest.fixture
def rows():
    return torch.from_numpy(np.random.default_rng(0).standard_normal((40, 6)))


@pytest.fixture
def labels():
    return np.random.default_rng(1).integers(0, 3, 40)


def dense(y, rows, sigma):
    """Weights from all distances at once."""
    return (-torch.cdist(y, rows).square() / (2 * sigma**2)).softmax(dim=1)


def noisy(rows, sigma, n=12):
    generator = torch.Generator().manual_seed(2)
    chosen = torch.randint(len(rows), (n,), generator=generator)
    noise = torch.randn(n, rows.shape[1], generator=generator, dtype=rows.dtype)
    return chosen, noise, rows[chosen] + sigma * noise


@pytest.mark.parametrize("sigma", [0.05, 0.7, 30.0])
@pytest.mark.parametrize("chunk", [1, 7, 40])
def test_statistics_are_those_of_the_dense_weights(rows, labels, sigma, chunk):
    _, _, y = noisy(rows, sigma)
    w = dense(y, rows, sigma)
    found = weights(y, rows, sigma, labels=labels, mean=True, chunk=chunk)
    torch.testing.assert_close(found.participation, w.square().sum(dim=1))
    torch.testing.assert_close(found.entropy, torch.special.entr(w).sum(dim=1))
    torch.testing.assert_close(found.classes, w @ torch.eye(3, dtype=torch.float64)[labels])
    torch.testing.assert_close(found.mean, w @ rows)
    torch.testing.assert_close(found.same_class, found.classes.square().sum(dim=1))
    assert found.true is None


@pytest.mark.parametrize("chunk", [1, 7, 40])
def test_noised_points_are_weighed_at_all_levels(rows, labels, chunk, monkeypatch):
    monkeypatch.setattr(empirical_score, "POINTS", 5)
    sigmas = [0.05, 0.7, 30.0]
    chosen, noise, _ = noisy(rows, 1.0)
    found = noised_weights(rows, chosen, noise, sigmas, labels=labels, chunk=chunk)
    for sigma, level in zip(sigmas, found, strict=True):
        y = rows[chosen] + sigma * noise
        w = dense(y, rows, sigma)
        torch.testing.assert_close(level.true, w[torch.arange(12), chosen])
        alone = weights(y, rows, sigma, labels=labels)
        torch.testing.assert_close(level.participation, alone.participation)
        torch.testing.assert_close(level.entropy, alone.entropy)
        torch.testing.assert_close(level.classes, alone.classes)


def test_float32_products_suffice_near_collapse(rows):
    """Points of norm 16 and noise as at the collapse of 20,000 of them in 256 dimensions."""
    points = torch.from_numpy(np.random.default_rng(3).standard_normal((300, 256)))
    chosen, noise, _ = noisy(points, 1.0)
    exact = noised_weights(points, chosen, noise, [0.7, 3.0, 5.0])
    rounded = noised_weights(points.float(), chosen, noise.float(), [0.7, 3.0, 5.0])
    for a, b in zip(exact, rounded, strict=True):
        torch.testing.assert_close(a.true, b.true, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(a.entropy, b.entropy, atol=1e-3, rtol=1e-3)


def test_weights_far_from_every_point_sum_to_one(rows):
    found = weights(1e4 * torch.ones(2, 6, dtype=torch.float64), rows, 1e-3, chunk=7)
    torch.testing.assert_close(found.participation, torch.ones(2, dtype=torch.float64))
    torch.testing.assert_close(found.entropy, torch.zeros(2, dtype=torch.float64))


def test_equal_points_share_the_weight():
    """w = (1/2, 1/2) at any noise: the entropy is log 2, the true weight 1/2."""
    twice = torch.ones(2, 3, dtype=torch.float64)
    found = noised_weights(twice, [0], torch.randn(1, 3, dtype=torch.float64), [0.01], chunk=1)[0]
    assert found.true.item() == pytest.approx(0.5)
    assert found.entropy.item() == pytest.approx(math.log(2))


def test_rows_may_lie_on_disk(rows, labels, tmp_path):
    np.save(tmp_path / "rows.npy", rows.numpy())
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    chosen, noise, _ = noisy(rows, 1.0)
    found = noised_weights(mapped, chosen, noise, [0.7], labels=labels, chunk=7)[0]
    expected = noised_weights(rows, chosen, noise, [0.7], labels=labels)[0]
    torch.testing.assert_close(found.true, expected.true)
    torch.testing.assert_close(found.classes, expected.classes)


def test_score_is_the_gradient_of_the_log_density(rows):
    """grad log of the mixture of N(e^-t a_i, Delta_t), by autograd."""
    t = 0.4
    x = torch.randn(5, 6, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    x.requires_grad_()
    squared = (x[:, None] - math.exp(-t) * rows).square().sum(dim=2)
    log_density = torch.logsumexp(-squared / (2 * spread(t)), dim=1)
    (expected,) = torch.autograd.grad(log_density.sum(), x)
    score = score_of(EmpiricalDenoiser(rows, (6, 1, 1), chunk=7))
    found = score(x.detach().reshape(5, 6, 1, 1), t)
    torch.testing.assert_close(found.flatten(1), expected)


def test_a_level_for_each_image_and_any_dtype(rows):
    denoiser = EmpiricalDenoiser(rows, (6, 1, 1))
    x = torch.randn(3, 6, 1, 1, generator=torch.Generator().manual_seed(5))
    levels = noise_level(torch.tensor([0.1, 0.5, 2.0]))
    together = denoiser(x, levels)
    assert together.dtype == torch.float32
    for i in range(3):
        torch.testing.assert_close(together[i : i + 1], denoiser(x[i : i + 1], levels[i].item()))


def test_the_sampler_ends_at_training_points(rows):
    images = sample(EmpiricalDenoiser(rows, (6, 1, 1)), range(8), steps=24, S_churn=10)
    nearest = torch.cdist(images.flatten(1), rows).amin(dim=1)
    assert nearest.max() < 0.01


def test_rows_that_are_no_images():
    with pytest.raises(ValueError, match=r"rows must be \(N, 4\) .* found \(3, 5\)"):
        EmpiricalDenoiser(torch.zeros(3, 5), (1, 2, 2))

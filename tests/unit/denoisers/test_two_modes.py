"""The positive control's denoiser: a posterior mean by Tweedie's formula and by Monte Carlo."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from gaussianity.classifiers.least_squares import solve
from gaussianity.denoisers.two_modes import S2, A, M, V, denoiser, direction
from gaussianity.io.images import rows, to_unit
from gaussianity.sampling.sampler import sample

SHAPE = (1, 4, 4)


def log_density(x, sigma, image_class):
    """log of the density of images with noise, by torch's distributions, (n,)."""
    u = direction(SHAPE)
    along = (x * u).flatten(1).sum(dim=1)
    across = (x - along.reshape(-1, 1, 1, 1) * u).flatten(1).square().sum(dim=1)
    centres = [M + A, M - A] if image_class == 0 else [-M + A, -M - A]
    mixture = torch.distributions.MixtureSameFamily(
        torch.distributions.Categorical(torch.tensor([0.5, 0.5], dtype=torch.float64)),
        torch.distributions.Normal(
            torch.tensor(centres, dtype=torch.float64), math.sqrt(S2 + sigma**2)
        ),
    )
    return mixture.log_prob(along) - across / (2 * (V + sigma**2))


def one_hot(image_class, count):
    return torch.eye(2)[[image_class] * count]


@pytest.mark.parametrize("sigma", [0.01, 0.1, 0.5, 20.0])
@pytest.mark.parametrize("image_class", [0, 1])
def test_tweedie(sigma, image_class):
    """D = x + sigma^2 grad log p(x; sigma)."""
    generator = torch.Generator().manual_seed(0)
    x = (sigma + 0.3) * torch.randn(50, *SHAPE, generator=generator, dtype=torch.float64)
    x.requires_grad_()
    (score,) = torch.autograd.grad(log_density(x, sigma, image_class).sum(), x)
    found = denoiser(x, sigma, one_hot(image_class, 50))
    torch.testing.assert_close(found, x + sigma**2 * score, rtol=1e-7, atol=1e-9)


def test_without_labels_both_classes_are_weighed():
    x = 0.3 * torch.randn(
        40, *SHAPE, generator=torch.Generator().manual_seed(1), dtype=torch.float64
    )
    logs = torch.stack([log_density(x, 0.2, k) for k in (0, 1)], dim=1)
    each = torch.stack([denoiser(x, 0.2, one_hot(k, 40)) for k in (0, 1)], dim=1)
    expected = (logs.softmax(dim=1)[:, :, None, None, None] * each).sum(dim=1)
    torch.testing.assert_close(denoiser(x, 0.2), expected)


def images(image_class, count, seed):
    """Samples of the images of a class."""
    generator = np.random.default_rng(seed)
    u = direction(SHAPE).numpy().ravel()
    x = math.sqrt(V) * generator.standard_normal((count, 16))
    mode = (M if image_class == 0 else -M) + A * generator.choice([-1, 1], count)
    along = mode + math.sqrt(S2) * generator.standard_normal(count)
    return x + np.outer(along - x @ u, u)


def test_posterior_mean_by_monte_carlo():
    """The error of the posterior mean is uncorrelated with functions of x."""
    clean = torch.tensor(images(0, 200_000, 0)).reshape(-1, *SHAPE)
    noise = torch.randn(
        clean.shape, generator=torch.Generator().manual_seed(2), dtype=torch.float64
    )
    x = clean + 0.2 * noise
    denoised = denoiser(x, 0.2, one_hot(0, len(x)))
    error = (clean - denoised).flatten(1)
    for other in (x, denoised, denoised**3):
        product = (error * other.flatten(1)).sum(dim=1)
        assert abs(product.mean()) < 5 * product.std() / math.sqrt(len(product))


def test_the_direction_is_positive_in_the_left_half():
    """For an odd width the middle column belongs to the right half. The length is one."""
    signs = [[1, 1, -1, -1, -1]] * 2
    expected = torch.tensor([signs], dtype=torch.float64) / math.sqrt(10)
    torch.testing.assert_close(direction((1, 2, 5)), expected)


def test_a_level_for_each_image():
    x = torch.randn(3, *SHAPE, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    levels = torch.tensor([0.1, 1.0, 5.0], dtype=torch.float64)
    together = denoiser(x, levels, one_hot(1, 3))
    for i, level in enumerate(levels.tolist()):
        alone = denoiser(x[i : i + 1], level, one_hot(1, 1))
        torch.testing.assert_close(together[i : i + 1], alone)


def test_means_and_covariances_are_those_of_the_gaussian_data():
    drawn, u = images(1, 200_000, 4), direction(SHAPE).numpy().ravel()
    np.testing.assert_allclose(drawn.mean(axis=0), -M * u, atol=5 * math.sqrt(V / 200_000))
    np.testing.assert_allclose(np.cov(drawn.T), V * np.eye(16), atol=5 * V * math.sqrt(2 / 200_000))


def linear_accuracies():
    """Accuracy of the boundary u . x = 0 on the images and on their Gaussian data."""

    def phi(t):
        return math.erfc(-t / math.sqrt(2)) / 2

    return (phi((M + A) / math.sqrt(S2)) + phi((M - A) / math.sqrt(S2))) / 2, phi(M / math.sqrt(V))


def test_accuracies_by_monte_carlo():
    """The two shares in the docstring of the module."""
    found, matched = linear_accuracies()
    assert (round(found, 4), round(matched, 4)) == (0.6305, 0.7734)
    u = direction(SHAPE).numpy().ravel()
    assert (images(0, 200_000, 5) @ u > 0).mean() == pytest.approx(found, abs=0.005)
    assert (images(1, 200_000, 6) @ u < 0).mean() == pytest.approx(found, abs=0.005)
    normal = M * u + math.sqrt(V) * np.random.default_rng(7).standard_normal((200_000, 16))
    assert (normal @ u > 0).mean() == pytest.approx(matched, abs=0.005)
    assert matched - found > 0.05


def test_the_sampler_draws_them_with_the_studys_settings():
    """The samples pass a Kolmogorov-Smirnov test, and least squares has the accuracy above."""
    settings = dict(steps=32, sigma_max=20.0, S_churn=0.0)
    drawn = [
        sample(as_denoiser(), range(k * 2000, (k + 1) * 2000), one_hot(k, 2000), **settings)
        for k in (0, 1)
    ]
    u = direction(SHAPE).numpy().ravel()
    along = np.asarray(drawn[0]).reshape(2000, 16) @ u
    narrow = math.sqrt(S2)

    def distribution(t):
        return (stats.norm.cdf((t - M - A) / narrow) + stats.norm.cdf((t - M + A) / narrow)) / 2

    assert stats.kstest(along, distribution).pvalue > 1e-3
    pixels = np.concatenate([rows(to_unit(part)) for part in drawn])
    labels = np.repeat([0, 1], 2000)
    train = np.arange(4000) % 2 == 0
    weights = solve(pixels[train] - 0.5, np.eye(2)[labels[train]])
    right = ((pixels[~train] - 0.5) @ weights).argmax(axis=1) == labels[~train]
    assert right.mean() == pytest.approx(linear_accuracies()[0], abs=0.04)


def as_denoiser():
    from gaussianity.denoisers.from_function import CallableDenoiser

    return CallableDenoiser(
        image_shape=SHAPE, label_dim=2, function="gaussianity.denoisers.two_modes:denoiser"
    )


@pytest.mark.parametrize("shape", [(1, 4, 4), (3, 4, 6)])
def test_where_nothing_is_seen_the_denoiser_gives_the_mean_of_the_class(shape):
    """M u of class 0 and -M u of class 1; u has length one in any number of channels."""
    left = torch.ones(shape, dtype=torch.float64)
    left[..., shape[-1] // 2 :] = -1
    x = torch.zeros((2, *shape), dtype=torch.float64)
    found = denoiser(x, 1e7, torch.eye(2))
    mean = M * left / math.sqrt(math.prod(shape))
    torch.testing.assert_close(found, torch.stack([mean, -mean]), rtol=1e-6, atol=1e-9)

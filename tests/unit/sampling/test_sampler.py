"""The sampler against a plain transcription, closed forms and the order of its error."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from gaussianity.sampling.sampler import (
    ImageNoise,
    Step,
    Trajectory,
    sample,
    sample_batches,
    sigma_schedule,
    walk,
)

CHURN = dict(S_churn=10.0, S_min=0.05, S_max=50.0, S_noise=1.003)


class Unit(torch.nn.Module):
    """D(x) = x, so that the result is the latent."""

    image_shape, label_dim = (1, 4, 4), 0

    def forward(self, x, sigma, class_labels=None):
        return x


class Scaled(Unit):
    """D(x) = a x with a trainable weight."""

    def __init__(self):
        super().__init__()
        self.a = torch.nn.Parameter(torch.tensor(0.5))

    def forward(self, x, sigma, class_labels=None):
        return self.a * x


def labels(n, k=0, classes=2):
    return torch.eye(classes)[[k] * n]


def test_schedule_is_equation_5():
    t = sigma_schedule(7, sigma_min=0.01, sigma_max=50.0, rho=5.0)
    ends = 50.0**0.2, 0.01**0.2
    expected = [(ends[0] + i / 6 * (ends[1] - ends[0])) ** 5 for i in range(7)] + [0.0]
    np.testing.assert_allclose(t, expected, rtol=1e-12)


def reference_sampler(denoiser, seed, label, steps, S_churn, S_min, S_max, S_noise):
    """Algorithm 2 for one image, written from the paper line by line, with NVIDIA's draw order."""
    generator = torch.Generator().manual_seed(seed)
    latent = torch.randn((1, *denoiser.image_shape), generator=generator)
    torch.randint(denoiser.label_dim, (1,), generator=generator)
    t = sigma_schedule(steps)
    x = latent.double() * t[0]
    for i in range(steps):
        gamma = min(S_churn / steps, math.sqrt(2) - 1) if S_min <= t[i] <= S_max else 0
        epsilon = S_noise * torch.randn(x.shape, generator=generator, dtype=torch.float64)
        t_hat = t[i] + gamma * t[i]
        x_hat = x + torch.sqrt(t_hat**2 - t[i] ** 2) * epsilon
        d = (x_hat - denoiser(x_hat, t_hat, label)) / t_hat
        x = x_hat + (t[i + 1] - t_hat) * d
        if t[i + 1] != 0:
            d_prime = (x - denoiser(x, t[i + 1], label)) / t[i + 1]
            x = x_hat + (t[i + 1] - t_hat) * (d + d_prime) / 2
    return x


def test_algorithm_2_line_by_line(gaussian_denoiser):
    found = sample(gaussian_denoiser, [5, 9], labels(2, 1), steps=9, **CHURN)
    for image, seed in zip(found, (5, 9), strict=True):
        expected = reference_sampler(gaussian_denoiser, seed, labels(1, 1), 9, **CHURN)
        torch.testing.assert_close(image[None], expected, rtol=1e-10, atol=1e-12)


def test_samples_carry_no_gradients_and_a_step_can_be_differentiated(gaussian_denoiser):
    assert not sample(Scaled(), range(2), steps=2).requires_grad
    for step, x, *_ in walk(Scaled(), range(2), steps=2):
        assert torch.is_grad_enabled()
        moved = step(x.requires_grad_())
        (gradient,) = torch.autograd.grad(moved.sum(), x)
        assert gradient.abs().min() > 0


def test_the_noise_of_a_step_is_frozen(gaussian_denoiser):
    for step, x, x_next, denoised, d in walk(gaussian_denoiser, range(2), steps=4, **CHURN):
        again = step.evaluate(x)
        for found, expected in zip(again, (x_next, denoised, d), strict=True):
            torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_a_seed_names_an_image_in_any_batch(gaussian_denoiser):
    together = sample(gaussian_denoiser, range(10), labels(10), steps=5, **CHURN)
    parts = sample_batches(
        gaussian_denoiser, np.arange(10), labels(10), batch_size=4, steps=5, **CHURN
    )
    torch.testing.assert_close(
        torch.cat([images for _, images, _ in parts]), together, rtol=1e-12, atol=1e-12
    )


def test_latents_are_those_of_the_public_sampler(shared):
    fixture = np.load(shared / "checkpoints" / "adm-16x16-cond.npz")
    noise = ImageNoise(fixture["seeds"], fixture["latents"].shape[1:])
    np.testing.assert_array_equal(noise.normal(torch.float32), fixture["latents"])


def test_labels_are_drawn_where_none_are_given(gaussian_denoiser):
    noise = ImageNoise(range(40), (3, 2, 2))
    noise.normal(torch.float32)
    drawn = torch.eye(2)[noise.labels(2)]
    assert 0 < drawn[:, 0].sum() < 40
    found = sample(gaussian_denoiser, range(40), None, steps=4)
    torch.testing.assert_close(found, sample(gaussian_denoiser, range(40), drawn, steps=4))


def flow(denoiser, seeds, k, sigma_max):
    """Exact end of the probability-flow ODE: along each eigenvector the deviation from the mean
    shrinks by sqrt(variance / (variance + sigma_max^2))."""
    x = ImageNoise(seeds, denoiser.image_shape).normal(torch.float32).double().flatten(1)
    centred = x * sigma_max - denoiser.mean[k]
    shrink = (denoiser.variances[k] / (denoiser.variances[k] + sigma_max**2)).sqrt()
    return denoiser.mean[k] + (centred @ denoiser.vectors[k].T * shrink) @ denoiser.vectors[k]


def test_deterministic_error_falls_at_second_order(gaussian_denoiser):
    exact = flow(gaussian_denoiser, range(20), 1, 80.0)
    errors = [
        (sample(gaussian_denoiser, range(20), labels(20, 1), steps=n).flatten(1) - exact)
        .norm(dim=1)
        .mean()
        for n in (32, 64, 128, 256)
    ]
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    np.testing.assert_allclose(orders, 2, atol=0.2)


@pytest.mark.parametrize("churn", [dict(S_churn=0.0), dict(CHURN, S_noise=1.0)])
def test_sampled_moments_are_those_of_the_class(gaussian_denoiser, churn):
    """n |C^(-1/2)(mean - mu)|^2 and (n - 1) tr(C^-1 S) have chi-square distributions."""
    n, d, k = 2000, 12, 0
    found = sample(gaussian_denoiser, range(n), labels(n, k), steps=128, **churn)
    vectors, variances = gaussian_denoiser.vectors[k], gaussian_denoiser.variances[k]
    deviations = (found.flatten(1) - gaussian_denoiser.mean[k]) @ vectors.T / variances.sqrt()
    shift = n * float(deviations.mean(dim=0).square().sum())
    assert 1e-4 < stats.chi2.cdf(shift, d) < 1 - 1e-4
    spread = float((deviations - deviations.mean(dim=0)).square().sum())
    assert 1e-4 < stats.chi2.cdf(spread, d * (n - 1)) < 1 - 1e-4
    correlation = np.corrcoef(deviations.T.numpy())[np.triu_indices(d, 1)]
    assert np.abs(correlation).max() < 5 / math.sqrt(n)


def test_student_t_base():
    latents = sample(Unit(), range(400), steps=2, base="student_t", dof=3.0) / 80.0
    assert stats.kstest(latents.flatten(), "t", args=(3,)).pvalue > 1e-3
    normal = sample(Unit(), range(400), steps=2) / 80.0
    assert stats.kstest(normal.flatten(), "norm").pvalue > 1e-3


def test_multivariate_t_base_has_the_radial_distribution_of_scipys():
    """|x|^2 / d of a multivariate t has the distribution F(d, dof). Its kurtosis is infinite."""
    latents = sample(Unit(), range(3000), steps=2, base="multivariate_t", dof=3.0) / 80.0
    squares = latents.flatten(1).square().mean(dim=1).numpy()
    assert stats.kstest(squares, "f", args=(16, 3)).pvalue > 1e-3
    scipys = stats.multivariate_t(shape=np.eye(16), df=3).rvs(3000, random_state=0)
    assert stats.ks_2samp(squares, (scipys**2).mean(axis=1)).pvalue > 1e-3
    assert stats.kstest(latents[:, 0, 1, 2], "t", args=(3,)).pvalue > 1e-3
    assert stats.kstest(squares, "f", args=(16, 4)).pvalue < 1e-3


def test_multivariate_t_base_has_one_factor_per_image():
    """Directions are those of the Gaussian base. Elements are uncorrelated, but not independent."""
    seeds, n, dof = range(4000), 4000, 30.0
    latents = sample(Unit(), seeds, steps=2, base="multivariate_t", dof=dof).flatten(1) / 80.0
    normal = sample(Unit(), seeds, steps=2).flatten(1) / 80.0
    factors = latents / normal
    torch.testing.assert_close(factors, factors[:, :1].expand_as(factors), rtol=1e-10, atol=0)
    assert stats.kstest(dof / factors[:, 0] ** 2, "chi2", args=(dof,)).pvalue > 1e-3
    assert latents.var() == pytest.approx(dof / (dof - 2), rel=0.02)
    # Cov(x_i^2, x_j^2) = E r^4 - (E r^2)^2 of the factor r^2 = dof / chi2(dof)
    expected = dof**2 / ((dof - 2) * (dof - 4)) - (dof / (dof - 2)) ** 2
    squares = latents.square().numpy()
    pairs = np.cov(squares.T)[np.triu_indices(16, 1)]
    assert pairs.mean() == pytest.approx(expected, rel=0.2)
    elementwise = sample(Unit(), seeds, steps=2, base="student_t", dof=dof).flatten(1) / 80.0
    pairs = np.cov(elementwise.square().numpy().T)[np.triu_indices(16, 1)]
    assert abs(pairs.mean()) < 0.1 * expected + 5 * pairs.std() / math.sqrt(n)


@pytest.mark.parametrize("base", ["student_t", "multivariate_t"])
def test_a_heavy_tailed_base_is_drawn_after_the_label(gaussian_denoiser, base):
    """The label does not depend on the base, nor an image on its batch."""
    drawn = [sample(gaussian_denoiser, part, steps=3, base=base) for part in ([7, 8], [8])]
    torch.testing.assert_close(drawn[0][1:], drawn[1])
    generator = torch.Generator().manual_seed(8)
    torch.randn((3, 2, 2), generator=generator)
    label = torch.eye(2)[torch.randint(2, (1,), generator=generator)]
    torch.testing.assert_close(sample(gaussian_denoiser, [8], label, steps=3, base=base), drawn[1])


def test_unknown_base():
    with pytest.raises(ValueError, match="gaussian, student_t, multivariate_t, found 'cauchy'"):
        sample(Unit(), [0], base="cauchy")


def test_trajectory_records_every_step(gaussian_denoiser):
    trajectory = Trajectory(snapshot_steps=(0, 3, 5), snapshot_images=2)
    end = sample(
        gaussian_denoiser, range(4), labels(4), steps=5, trajectory=trajectory, S_churn=0.0
    )
    columns = {
        key: np.reshape(value, (4, 6)) for key, value in trajectory.columns(range(4)).items()
    }
    np.testing.assert_array_equal(columns["seed"][:, 0], range(4))
    np.testing.assert_allclose(columns["sigma"][0], sigma_schedule(5))
    np.testing.assert_allclose(columns["x_norm"][:, -1], end.flatten(1).norm(dim=1))
    assert np.isnan(columns["denoised_norm"][:, -1]).all()
    assert np.isfinite(columns["denoised_norm"][:, :-1]).all()
    start = 80.0 * ImageNoise(range(4), (3, 2, 2)).normal(torch.float32).double()
    np.testing.assert_allclose(columns["x_norm"][:, 0], start.flatten(1).norm(dim=1))
    direction = (start - gaussian_denoiser(start, 80.0, labels(4))) / 80.0
    np.testing.assert_allclose(columns["direction_norm"][:, 0], direction.flatten(1).norm(dim=1))

    kept = trajectory.snapshots()
    assert kept["x"].shape == kept["denoised"].shape == (2, 3, 3, 2, 2)
    assert list(kept["step"]) == [0, 3, 5]
    np.testing.assert_allclose(kept["x"][:, -1], end[:2], rtol=1e-6)
    np.testing.assert_array_equal(kept["x"][:, -1], kept["denoised"][:, -1])


def test_defaults_are_those_of_the_papers_and_its_code(gaussian_denoiser):
    """Karras et al., table 1 and algorithm 2; NVIDIA's script takes 18 steps without churn."""
    noise = dict(sigma_min=0.002, sigma_max=80.0, rho=7.0)
    torch.testing.assert_close(sigma_schedule(5), sigma_schedule(5, **noise), rtol=0, atol=0)
    still = dict(steps=18, S_churn=0.0)
    for given, published in (({}, still), (dict(S_churn=30.0), dict(still, S_churn=30.0))):
        published |= dict(S_min=0.0, S_max=math.inf, S_noise=1.0)
        found = sample(gaussian_denoiser, range(2), **given)
        expected = sample(gaussian_denoiser, range(2), **published, **noise)
        torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_no_image_is_kept_unless_asked_for(gaussian_denoiser):
    trajectory = Trajectory(snapshot_steps=(0, 1))
    sample(gaussian_denoiser, range(3), steps=2, trajectory=trajectory)
    assert trajectory.kept == []


@pytest.mark.parametrize("corrected", [False, True])
def test_a_step_of_a_denoiser_that_returns_black_scales_the_image(corrected):
    """With D = 0 the flow is dx / dsigma = x / sigma, which either rule follows exactly."""
    x = torch.arange(4, dtype=torch.float64).reshape(1, 1, 2, 2)
    step = Step(lambda x, sigma, labels: 0 * x, None, 0, 4.0, 4.0, 3.0, None, corrected)
    torch.testing.assert_close(step(x), 0.75 * x)

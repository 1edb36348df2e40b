import itertools

import numpy as np
import pytest
import torch

from gaussianity.denoisers.files import save_denoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.errors import InputError
from gaussianity.io.files import write_table
from gaussianity.sampling.gaussian_start import GaussianStart
from gaussianity.sampling.sampler import Trajectory, sample, walk
from gaussianity.sampling.sampler_variance import sampled_moments

VARIANCES = np.array([4.0, 0.25])
MEAN = np.array([1.0, -2, 0.5])
VECTORS = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0][:2]
COVARIANCE = VECTORS.T * VARIANCES @ VECTORS
CHURN = dict(S_churn=4.0, S_min=0.05, S_max=50.0, S_noise=1.003)


@pytest.fixture(scope="module")
def denoiser():
    """The third direction has no variance."""
    return GaussianDenoiser.of_moments(MEAN[None], COVARIANCE[None], (1, 1, 3))


def start_at(denoiser, step):
    return GaussianStart.of_class(denoiser, 0, step)


def steps_of(denoiser, start=None, seeds=range(4), **settings):
    return list(walk(denoiser, seeds, torch.ones(len(seeds), 1), start=start, **settings))


def test_the_state_is_that_of_many_small_steps(denoiser):
    steps = steps_of(denoiser, steps=600)
    step, state = next((s, x) for s, x, *_ in steps if s.sigma < 1)
    found = start_at(denoiser, 5).state(steps[0][1] / 80, 80.0, step.sigma, random=False)
    np.testing.assert_allclose(found, state, atol=2e-4)


def test_a_random_state_has_the_exact_moments(denoiser):
    normal = torch.from_numpy(np.random.default_rng(1).standard_normal((200_000, 1, 1, 3)))
    found = start_at(denoiser, 5).state(normal, 80.0, 0.7, random=True).numpy().reshape(-1, 3)
    np.testing.assert_allclose(found.mean(axis=0), MEAN, atol=0.02)
    np.testing.assert_allclose(np.cov(found.T), COVARIANCE + 0.49 * np.eye(3), atol=0.04)


def test_it_denoises_as_the_exact_denoiser(denoiser):
    x = torch.from_numpy(np.random.default_rng(2).standard_normal((5, 1, 1, 3)))
    expected = denoiser(x, 0.8, torch.ones(5, 1))
    torch.testing.assert_close(start_at(denoiser, 0).denoised(x, 0.8), expected)


@pytest.mark.parametrize("churn", [{}, CHURN])
def test_the_steps_after_the_start_are_those_of_the_sampler(denoiser, churn):
    """The network's steps are the same maps, with the same injected noise."""
    whole = steps_of(denoiser, steps=8, **churn)
    late = steps_of(denoiser, start_at(denoiser, 3), steps=8, **churn)
    for (step, *_), (other, x, x_next, *_) in zip(whole[3:], late[3:], strict=True):
        assert other.denoiser is denoiser
        torch.testing.assert_close(step(x), x_next, rtol=0, atol=0)
    for (_, _, x_next, *_), (_, x, *_) in itertools.pairwise(late):
        torch.testing.assert_close(x_next, x, rtol=0, atol=0)


@pytest.mark.parametrize("step", [0, 3, 7])
def test_only_the_discretisation_moves_exactly_gaussian_images(denoiser, step):
    """Deviations of the images are those of the states times the factors of the later steps."""
    covered = sampled_moments(VARIANCES, steps=8, start_step=step)
    steps = steps_of(denoiser, start_at(denoiser, step), steps=8)
    latents = steps_of(denoiser, steps=8)[0][1].numpy().reshape(4, 3)
    images = steps[-1][2].numpy().reshape(4, 3)
    factors = np.sqrt(covered[0]) / 80
    expected = MEAN + ((latents - MEAN) @ VECTORS.T * factors) @ VECTORS
    np.testing.assert_allclose(images, expected, atol=1e-10)
    np.testing.assert_allclose(factors, covered[1], rtol=1e-10)


def test_a_random_start_has_the_variance_of_the_closed_form(denoiser):
    settings = dict(steps=6, **CHURN)
    images = steps_of(denoiser, start_at(denoiser, 2), range(4000), **settings)[-1][2]
    along = (images.numpy().reshape(-1, 3) - MEAN) @ VECTORS.T
    expected, missing = sampled_moments(VARIANCES, start_step=2, **settings)
    np.testing.assert_allclose(along.var(axis=0), expected, rtol=0.08)
    np.testing.assert_allclose(along.mean(axis=0), 0, atol=0.1)
    assert (missing == 0).all()


def test_the_trajectory_is_whole(denoiser):
    trajectory = Trajectory([0, 2, 5], 1)
    settings = dict(steps=5, start=start_at(denoiser, 3))
    images = sample(denoiser, range(2), torch.ones(2, 1), trajectory=trajectory, **settings)
    columns = trajectory.columns(range(2))
    np.testing.assert_array_equal(columns["step"], [*range(6), *range(6)])
    assert columns["x_norm"][5] == pytest.approx(float(images[0].norm()))
    assert np.isfinite(columns["denoised_norm"][:5]).all()


def test_a_start_must_be_within_the_steps(denoiser):
    with pytest.raises(InputError, match="start: expected a step from 0 to 4, found 5"):
        steps_of(denoiser, start_at(denoiser, 5), steps=5)
    with pytest.raises(InputError, match="start: expected a GaussianStart, found a int"):
        steps_of(denoiser, 3, steps=5)


def test_a_start_from_files_is_that_of_its_class(tmp_path):
    means, covariances = np.array([[0.0, 0, 0], MEAN]), np.array([np.eye(3), COVARIANCE])
    gaussian = GaussianDenoiser.of_moments(means, covariances, (1, 1, 3))
    paths = [
        tmp_path / name for name in ("gaussian.safetensors", "gaussian.json", "levels.parquet")
    ]
    save_denoiser(gaussian, paths[0], ["cat", "dog"])
    write_table(paths[2], dict(step=[0, 1, 2], is_start=[0, 1, 0]))
    found = GaussianStart.of_files(paths, "dog", "cpu")
    assert found.step == 1
    np.testing.assert_allclose(found.mean, MEAN)
    restored = found.vectors.T * found.variances @ found.vectors
    np.testing.assert_allclose(restored, COVARIANCE, atol=1e-12)
    assert GaussianStart.of_files([], "dog", "cpu") is None

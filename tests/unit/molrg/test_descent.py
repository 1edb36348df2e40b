"""Descent on the denoising loss: its gradient, its fixed point and what it learns."""

import math

import numpy as np
import pytest
import torch

from gaussianity.denoisers.low_rank import padded, posterior_mean
from gaussianity.molrg import descent
from gaussianity.molrg.clustering import polar, principal_bases, subspace_distances, used_columns
from gaussianity.molrg.descent import STARTS, Descent, ascent, learn, levels, moved, orthonormalised
from gaussianity.molrg.mixture import random_bases, random_rows


def normals(*shape, seed=1):
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape))


def torch_generators(trials):
    return [torch.Generator().manual_seed(seed) for seed in range(trials)]


def tangent(frames, direction):
    """The part of a direction in the tangent space of the frames."""
    normal = frames.mT @ direction
    return direction - frames @ (normal + normal.mT) / 2


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_step_is_the_gradient_of_the_loss(count):
    """The reference is the projected gradient by autograd through the denoiser of equation 9."""
    trials, n, d, m = 2, 12, 2, 5
    frames = polar(normals(trials, n, count * d)).requires_grad_()
    x, noise = normals(trials, m, n, seed=2), normals(trials, m, n, seed=3)
    level = torch.from_numpy(np.random.default_rng(4).integers(10, 60, (trials, m)))
    s, gamma = (part[level] for part in levels())
    bases = frames.unflatten(2, (count, d)).transpose(1, 2)
    weights = torch.full((count,), 1 / count, dtype=torch.float64)
    noisy = s[..., None] * x + gamma[..., None] * noise
    loss = (posterior_mean(noisy, bases, weights, s, gamma) - x).square().sum(dim=2).mean(dim=1)
    (gradient,) = torch.autograd.grad(loss.sum(), frames)
    columns, frames = torch.cat([x, noise], dim=1).mT, frames.detach()
    found = ascent(columns, frames, torch.stack([s, gamma]), count)
    torch.testing.assert_close(found, tangent(frames, -gradient / 2), rtol=1e-9, atol=1e-12)


def test_the_fixed_point_is_pca():
    """This is theorem 1. The mean over the noises +-sqrt(n) e_j is that over normals, since the
    gradient is quadratic in the noise."""
    n, m = 6, 9
    rows = normals(1, m, n) * torch.tensor([3.0, 2.5, 2.0, 1.0, 0.5, 0.1])
    ends = math.sqrt(n) * torch.eye(n, dtype=torch.float64)
    noises = torch.cat([ends, -ends])
    columns = torch.cat([rows.repeat_interleave(2 * n, 1), noises.repeat(m, 1)[None]], dim=1).mT
    scales = torch.tensor([0.8, 0.6]).double()[:, None, None].expand(2, 1, 2 * n * m)
    fixed = principal_bases(rows, used_columns([2]))
    assert ascent(columns, fixed, scales, 1).abs().max() < 1e-12
    a = 0.64
    other = polar(normals(1, n, 2, seed=5))
    expected = (2 * a - a**2) * tangent(other, rows.mT @ (rows @ other)) / m
    torch.testing.assert_close(ascent(columns, other, scales, 1), expected)


@pytest.mark.parametrize("rate", [1e-4, 1])
def test_a_component_moves_as_far_among_others_as_alone(rate):
    """The components are copies of one problem in spaces of their own. One rate gives short steps,
    the other steps that LONGEST limits."""
    n, d, m, copies = 5, 2, 4, 3
    frames, columns = polar(normals(1, n, d)), normals(1, n, 2 * m, seed=2)
    columns[:, :, :m] *= 20  # far from 0, so that no row belongs to another component
    scales = torch.tensor([0.9, 0.19**0.5]).double()[:, None, None]
    alone = moved(columns, frames, scales.expand(2, 1, m), 1, rate)
    together = torch.block_diag(*columns[:, :, :m].expand(copies, n, m))
    noise = torch.block_diag(*columns[:, :, m:].expand(copies, n, m))
    found = moved(
        torch.cat([together, noise], dim=1)[None],
        torch.block_diag(*frames.expand(copies, n, d))[None],
        scales.expand(2, 1, copies * m),
        copies,
        rate,
    )
    expected = torch.block_diag(*alone.expand(copies, n, d))[None]
    torch.testing.assert_close(found, expected)
    assert 0.01 < torch.linalg.matrix_norm(alone - frames) < 0.11


def drawn(count=1, n=8, d=2, m=24, trials=3):
    streams = [np.random.default_rng([7, trial]) for trial in range(trials)]
    bases = random_bases(streams, n, [d] * count)
    return random_rows(streams, bases, [m] * count)[0], padded(bases)


@pytest.mark.parametrize(("count", "start"), [(1, "cold"), (2, "near")])
def test_many_rows_are_enough(count, start):
    """One component from a cold start, as PCA, and two from a start near the truth."""
    rows, truth = drawn(count)
    bases = STARTS[start](truth, normals(*truth.shape))
    before, _ = subspace_distances(bases, truth)
    found = learn(rows, bases, torch_generators(3), Descent(300, 0.3))
    after, _ = subspace_distances(found, truth)
    assert before.min() > 0.25
    assert after.max() < 0.15
    frames = found.transpose(1, 2).flatten(2)
    torch.testing.assert_close(frames.mT @ frames, torch.eye(2 * count).double().expand(3, -1, -1))


def test_a_trial_learns_the_same_among_others():
    rows, truth = drawn()
    bases = STARTS["cold"](truth, normals(*truth.shape))
    together = learn(rows, bases, torch_generators(3), Descent(20, 0.2))
    alone = learn(rows[1:2], bases[1:2], torch_generators(2)[1:], Descent(20, 0.2))
    torch.testing.assert_close(together[1:2], alone, atol=1e-5, rtol=0)


def test_fewer_dimensions_stay_fewer():
    rows, truth = drawn(count=2)
    truth[:, :, :, 1] = 0
    bases = STARTS["near"](truth, normals(*truth.shape))
    found = learn(rows, bases, torch_generators(3), Descent(20, 0.2))
    for frames in (bases, found):
        assert (frames[:, :, :, 1] == 0).all()
        torch.testing.assert_close(frames.square().sum(dim=2)[:, :, 0], torch.ones(3, 2).double())


def test_starts():
    """Without normals the near start is the truth. The cold start does not depend on the truth."""
    _, truth = drawn(count=2)
    torch.testing.assert_close(STARTS["near"](truth, torch.zeros_like(truth)), truth)
    cold = STARTS["cold"](truth, normals(*truth.shape))
    torch.testing.assert_close(cold, STARTS["cold"](truth.flip(2), normals(*truth.shape)))


def test_levels_and_rates():
    s, gamma = levels()
    torch.testing.assert_close(s**2 + gamma**2, torch.ones(64).double())
    assert 0 < gamma[0] < 0.02
    assert [round(Descent(4, 0.2).rate(step), 3) for step in range(5)] == [
        0.2,
        0.171,
        0.1,
        0.029,
        0,
    ]


def test_a_step_towards_orthonormal_columns_squares_the_error():
    frames = polar(normals(1, 9, 3)) + 0.01 * normals(1, 9, 3, seed=2)
    off = [
        (f.mT @ f - torch.eye(3, dtype=f.dtype)).abs().max()
        for f in (frames, orthonormalised(frames))
    ]
    assert off[0] > 0.005
    assert off[1] < off[0] ** 2 * 2


@pytest.mark.parametrize("steps", [0, 1, 16, 20, 32, 35])
def test_every_step_has_noise(steps):
    """Also where the steps are no multiple of the number that is drawn at once."""
    drawn = descent._draws([torch.Generator().manual_seed(0)], (3, 2), steps)
    assert sum(1 for _ in drawn) == steps


def test_levels_are_angles_between_all_signal_and_all_noise():
    """They are equally spaced; half of them have more noise than signal."""
    s, gamma = levels()
    angles = torch.atan2(gamma, s)
    torch.testing.assert_close(s**2 + gamma**2, torch.ones_like(s))
    torch.testing.assert_close(gamma, s.flip(0))
    torch.testing.assert_close(angles.diff(), (2 * angles[0]).expand(len(s) - 1))


def test_the_near_start_has_a_component_along_the_truth():
    """In 48 dimensions a column moves by 1.4 on average, so that its cosine with the truth is
    about 1 / sqrt(1 + 1.4^2) = 0.58; that of a random column is about 0.1."""
    truth = normals(300, 1, 48, 1)
    truth = truth / truth.norm(dim=2, keepdim=True)
    for name, expected in (("near", 0.58), ("cold", 0.115)):
        start = STARTS[name](truth, normals(300, 1, 48, 1, seed=5))
        cosines = (start * truth).sum(dim=2).abs()
        assert float(cosines.mean()) == pytest.approx(expected, abs=0.05)

"""Stochastic gradient descent on the denoising loss over the bases of the low-rank denoiser.

    (1/m) sum_i mean over t of E |x_theta(s_t x_i + gamma_t e, t) - x_i|^2      (loss 6)

with equation 9 for x_theta and [U_1 ... U_K] of orthonormal columns, as theorems 1 and 3 have it.
Source: Wang et al. (2024), arXiv 2409.02426. The schedule, the step size, the batch and the start
of the paper's runs were not found in what was available to us; those here are ours: s_t =
cos(pi t / 2), gamma_t = sin(pi t / 2) at LEVELS midpoints t of [0, 1], equal weights of all t, and
in every step each row once, with a level and a noise of its own, and no step longer than LONGEST.
"""

import math
from dataclasses import dataclass

import torch

from gaussianity.molrg.clustering import polar

LEVELS = 64
GROUP = 16  # steps whose noise is drawn at once
DISTANCE = 0.2  # of the start near the truth, per number: the norm of a column's is 1.4 for n = 48
LONGEST = 0.1  # of a component's step (Frobenius norm); phi, up to 3,300, may ask for far more


@dataclass(frozen=True)
class Descent:
    """steps; learning_rate - of the first step, falling to 0 as a half cosine, for the loss as a
    mean over the rows of one component, see `moved`."""

    steps: int
    learning_rate: float

    def rate(self, step):
        """Learning rate of a step."""
        return self.learning_rate * (1 + math.cos(math.pi * step / self.steps)) / 2


def levels():
    """s and gamma (LEVELS,) of the noise levels, s^2 + gamma^2 = 1."""
    angle = (torch.arange(LEVELS, dtype=torch.float64) + 0.5) / LEVELS * math.pi / 2
    return angle.cos(), angle.sin()


def learn(rows, bases, generators, descent):
    """Bases learnt from rows, of all trials in one tensor program, in float32.

    Args:    rows - (trials, m, n); bases - to start from (trials, K, n, d), orthonormal together,
             columns of zeros stay zero; generators - a torch generator per trial; descent -
             Descent.
    Returns: (trials, K, n, d) float64, orthonormal together.
    """
    count, d, m = bases.shape[1], bases.shape[3], rows.shape[1]
    frames = bases.to(torch.float32).transpose(1, 2).flatten(2)  # (trials, n, K d)
    clean = rows.mT.to(torch.float32)
    columns = torch.cat([clean, torch.zeros_like(clean)], dim=2)  # (trials, n, 2 m)
    scales = torch.stack(levels()).to(columns)
    for step, (level, noise) in enumerate(_draws(generators, clean.shape[1:], descent.steps)):
        columns[:, :, m:] = noise
        frames = moved(columns, frames, scales[:, level], count, descent.rate(step))
    return polar(frames.to(torch.float64)).unflatten(2, (count, d)).transpose(1, 2)


def _draws(generators, shape, steps):
    """The numbers of the noise levels (trials, m) and the noise (trials, n, m) of each step.

    Each trial draws from its own generator, GROUP steps at a time.
    """
    level = torch.empty((len(generators), GROUP, shape[1]), dtype=torch.int64)
    noise = torch.empty((len(generators), GROUP, *shape))
    for start in range(0, steps, GROUP):
        for g, of_level, of_noise in zip(generators, level, noise, strict=True):
            torch.randint(LEVELS, of_level.shape, generator=g, out=of_level)
            torch.randn(of_noise.shape, generator=g, out=of_noise)
        for step in range(min(GROUP, steps - start)):
            yield level[:, step], noise[:, step]


def moved(columns, frames, scales, count, rate):
    """The frames after one step, as long for each component however many there are.

    Args:    columns, frames, scales, count - as `ascent` takes them; rate.
    Returns: (trials, n, K d).
    """
    # The loss is a mean over the rows of all K components, and hardly any but its own, one in K,
    # move a component: by K times the rate it moves as by their mean.
    move = count * rate * ascent(columns, frames, scales, count)
    length = torch.linalg.matrix_norm(move, keepdim=True) / math.sqrt(count)  # of one, on average
    return orthonormalised(frames + move * (LONGEST / length.clamp_min(LONGEST)))


def ascent(columns, frames, scales, count):
    """Minus half the gradient of the loss at noisy rows, in the tangent space of the frames.

    With y = U_k^T x, p = U_k^T (s x + gamma e), w of equation 9, phi = s^2 / (2 gamma^2), v = U_k^T
    (x_theta - x) = s w p - y and q = 2 s v^T p, half the gradient by U_k is

        (x_theta - x) s w p^T + (s x + gamma e) (s w v + phi w (q - sum_l w_l q_l) p)^T.

    The tangent space at U = [U_1 ... U_K] lacks the U A with A symmetric. What x_theta adds in the
    first term to the gradient by U is such a matrix, so that beside the rows and their noise no
    array has n numbers per row.

    Args:    columns - rows beside noise (trials, n, 2 m); frames - [U_1 ... U_K] (trials, n, K d),
             orthonormal; scales - s and gamma of each row (2, trials, m); count - K.
    Returns: (trials, n, K d).
    """
    s, gamma = scales[:, :, None]  # (trials, 1, m)
    coordinates = (frames.mT @ columns).unflatten(1, (count, -1))
    y, e = coordinates.chunk(2, dim=3)  # (trials, K, d, m)
    p = s[:, None] * y + gamma[:, None] * e
    square, product = (p * p).sum(dim=2), (p * y).sum(dim=2)  # (trials, K, m)
    phi = s**2 / (2 * gamma**2)
    w = (phi * square).softmax(dim=1)
    shrink = s * w
    q = 2 * s * (shrink * square - product)
    of_p = shrink**2 + phi * w * (q - (w * q).sum(dim=1, keepdim=True))
    noisy = of_p[:, :, None] * p - shrink[:, :, None] * y  # the right factor of the second term
    clean = shrink[:, :, None] * p - s[:, None] * noisy
    back = torch.cat([clean, -gamma[:, None] * noisy], dim=3).flatten(1, 2)
    free = columns @ back.mT / y.shape[3]
    normal = frames.mT @ free
    return free - frames @ (normal + normal.mT) / 2


def orthonormalised(frames):
    """One step of Newton and Schulz towards the polar factor, for frames close to orthonormal.

    An error of epsilon in U^T U becomes one of some epsilon^2.
    """
    return 1.5 * frames - 0.5 * frames @ (frames.mT @ frames)


def near(truth, normals):
    """Start near the truth: the orthonormal frames closest to U* + DISTANCE * normals.

    Args:    truth - (trials, K, n, d) with columns of zeros where there are fewer dimensions;
             normals - like them.
    Returns: (trials, K, n, d), orthonormal together.
    """
    return _frames(truth + DISTANCE * normals, truth)


def cold(truth, normals):
    """Start that knows the dimensions of the truth alone: uniformly random frames, as `near`."""
    return _frames(normals, truth)


def _frames(bases, truth):
    """The orthonormal frames closest to the bases, in the columns that the truth uses."""
    used = bases * (truth != 0).any(dim=2, keepdim=True)
    frames = polar(used.transpose(1, 2).flatten(2))
    return frames.unflatten(2, (truth.shape[1], -1)).transpose(1, 2)


STARTS = {"near": near, "cold": cold}

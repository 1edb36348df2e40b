"""Stochastic gradient descent on the denoising loss over the bases of the low-rank denoiser.

    (1/m) sum_i mean over t of E |x_theta(s_t x_i + gamma_t e, t) - x_i|^2      (loss 6)

Equation 9 gives x_theta, and [U_1 ... U_K] has orthonormal columns, as in theorems 1 and 3 of Wang
et al. (2024), arXiv 2409.02426. The schedule, the step size, the batch and the start of the paper's
runs were not available to us, and those here are ours. The schedule is s_t = cos(pi t / 2),
gamma_t = sin(pi t / 2) at LEVELS midpoints t of [0, 1] with equal weights. Every step uses each row
once, with a noise level and a noise of its own. No step is longer than LONGEST.
"""

import math
from dataclasses import dataclass

import torch

from gaussianity.molrg.clustering import polar

LEVELS = 64
GROUP = 16  # number of steps whose noise is drawn at once
DISTANCE = 0.2  # of the start near the truth, per entry; for n = 48 a column moves by 1.4
LONGEST = 0.1  # step of a component (Frobenius norm); phi, up to 3,300, can make it far longer


@dataclass(frozen=True)
class Descent:
    """Number of steps and learning rate of a descent.

    learning_rate - of the first step; it falls to 0 as a half cosine. The rate is for the loss as a
    mean over the rows of one component, see `moved`.
    """

    steps: int
    learning_rate: float

    def rate(self, step):
        """Learning rate of a step."""
        return self.learning_rate * (1 + math.cos(math.pi * step / self.steps)) / 2


def levels():
    """s and gamma (LEVELS,) of the noise levels, with s^2 + gamma^2 = 1."""
    angle = (torch.arange(LEVELS, dtype=torch.float64) + 0.5) / LEVELS * math.pi / 2
    return angle.cos(), angle.sin()


def learn(rows, bases, generators, descent):
    """Bases learnt from rows, for all trials at once, in float32.

    Args:    rows - (trials, m, n); bases - start (trials, K, n, d), jointly orthonormal, columns of
             zeros stay zero; generators - a torch generator per trial; descent - Descent.
    Returns: (trials, K, n, d), float64, jointly orthonormal.
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
    """The frames after one step, whose length per component does not depend on their number.

    Args:    columns, frames, scales, count - as in `ascent`; rate - learning rate.
    Returns: (trials, n, K d).
    """
    # The loss is a mean over the rows of all K components, but a component is moved almost only by
    # its own rows, one in K. With K times the rate it moves as for the mean over its own rows.
    move = count * rate * ascent(columns, frames, scales, count)
    length = torch.linalg.matrix_norm(move, keepdim=True) / math.sqrt(count)  # of one, on average
    return orthonormalised(frames + move * (LONGEST / length.clamp_min(LONGEST)))


def ascent(columns, frames, scales, count):
    """Minus half the gradient of the loss at noisy rows, in the tangent space of the frames.

    With y = U_k^T x, p = U_k^T (s x + gamma e), w of equation 9, phi = s^2 / (2 gamma^2), v = U_k^T
    (x_theta - x) = s w p - y and q = 2 s v^T p, half the gradient with respect to U_k is

        (x_theta - x) s w p^T + (s x + gamma e) (s w v + phi w (q - sum_l w_l q_l) p)^T.

    The tangent space at U = [U_1 ... U_K] contains no U A with symmetric A. The contribution of
    x_theta to the first term is such a matrix and is left out. Only the rows and their noise then
    take n numbers per row.

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
    noisy = of_p[:, :, None] * p - shrink[:, :, None] * y  # right factor of the second term
    clean = shrink[:, :, None] * p - s[:, None] * noisy
    back = torch.cat([clean, -gamma[:, None] * noisy], dim=3).flatten(1, 2)
    free = columns @ back.mT / y.shape[3]
    normal = frames.mT @ free
    return free - frames @ (normal + normal.mT) / 2


def orthonormalised(frames):
    """One Newton-Schulz step towards the polar factor, for frames close to orthonormal.

    An error epsilon of U^T U becomes an error of order epsilon^2.
    """
    return 1.5 * frames - 0.5 * frames @ (frames.mT @ frames)


def near(truth, normals):
    """Start near the truth: the orthonormal frames closest to U* + DISTANCE * normals.

    Args:    truth - (trials, K, n, d), with columns of zeros for fewer dimensions; normals -
             standard normals of the same shape.
    Returns: (trials, K, n, d), jointly orthonormal.
    """
    return _frames(truth + DISTANCE * normals, truth)


def cold(truth, normals):
    """Uniformly random start; only the dimensions are those of the truth. See `near`."""
    return _frames(normals, truth)


def _frames(bases, truth):
    """The orthonormal frames closest to the bases, in the columns that the truth uses."""
    used = bases * (truth != 0).any(dim=2, keepdim=True)
    frames = polar(used.transpose(1, 2).flatten(2))
    return frames.unflatten(2, (truth.shape[1], -1)).transpose(1, 2)


STARTS = {"near": near, "cold": cold}

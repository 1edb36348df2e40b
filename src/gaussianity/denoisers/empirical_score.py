"""The exact denoiser of a training set: posterior weights of its points, computed in chunks.

The rows a_1, ..., a_N are a training set. Given y = x_0 + sigma g with x_0 drawn from them, the
probability that x_0 is a_i is

    w_i = exp(l_i) / sum_j exp(l_j),   l_i = (y . a_i - |a_i|^2 / 2) / sigma^2,

The denoiser is D(y, sigma) = sum_i w_i a_i (Karras et al., 2022, eq. 57). Rows are read in chunks,
so that memory does not grow with N; sums are relative to the largest exponent met so far. Products
are computed in the dtype of the rows, sums over rows in float64. Rounding in float32 changes l_i by
about 1e-7 |a_i|^2 / sigma^2. This suffices at sigma near 1; use float64 for small noise.
"""

import math
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import nn

from gaussianity.denoisers.arguments import per_sample, require_arguments

CHUNK = 1024  # rows of the training set at once
# Smallest exponent below the peak, e^-43 = 2e-19. Squares of smaller numbers are subnormal in
# float32, with which processors take ten times as long.
LEAST = -43.0
POINTS = 256  # noisy points at once, so that a block of weights fits into the cache


@dataclass(frozen=True)
class Weights:
    """Summaries of the posterior weights w of n noisy points, float64.

    true - weight of the point that was noised (n,), or None where it is unknown; participation -
    inverse participation ratio sum_i w_i^2 (n,), the probability that two draws from w are the same
    training point; entropy - of w in nats (n,); classes - probability of each class (n, K), or None
    without labels; mean - sum_i w_i a_i (n, d), or None where it was not requested.
    """

    true: torch.Tensor | None
    participation: torch.Tensor
    entropy: torch.Tensor
    classes: torch.Tensor | None
    mean: torch.Tensor | None

    @property
    def same_class(self):
        """Probability that two draws from w have the same class, (n,)."""
        return self.classes.square().sum(dim=1)


class _Sums:
    """Sums of e_i = exp(l_i - peak) over the rows met so far, for n noisy points."""

    def __init__(self, n, device):
        self.peak = torch.full((n,), -math.inf, dtype=torch.float64, device=device)
        self.total = self.squares = self.tilted = torch.zeros_like(self.peak)
        self.true = self.classes = self.mean = None

    def add(self, exponents, *, rows=None, classes=None, true=None):
        """Add m rows with the exponents l_i (n, m), which are overwritten.

        Args:    rows - (m, d), to compute their mean; classes - one-hot (m, K); true - number (n,)
                 of each point's clean row among these rows; outside 0..m - 1 for other rows.
        """
        self._rebase(torch.maximum(self.peak, exponents.amax(dim=1).to(torch.float64)))
        relative = exponents.sub_(self.peak.to(exponents.dtype)[:, None]).clamp_(min=LEAST)
        e = relative.exp()
        self.total = self.total + e.sum(dim=1)
        self.squares = self.squares + torch.linalg.vector_norm(e, dim=1).to(torch.float64) ** 2
        self.tilted = self.tilted + relative.mul_(e).sum(dim=1)
        if true is not None:
            here = (true >= 0) & (true < e.shape[1])
            own = e.gather(1, torch.where(here, true, 0)[:, None])[:, 0]
            self.true = _plus(self.true, torch.where(here, own, 0))
        if classes is not None:
            self.classes = _plus(self.classes, e @ classes)
        if rows is not None:
            self.mean = _plus(self.mean, e @ rows)

    def _rebase(self, peak):
        """Make the sums relative to another peak: e_i is scaled, l_i - peak is shifted."""
        shift = self.peak - peak
        scale = shift.exp()
        shift = torch.where(
            scale == 0, 0, shift
        )  # the peak is minus infinity before the first rows
        self.tilted = scale * (self.tilted + shift * self.total)
        self.total, self.squares = scale * self.total, scale**2 * self.squares
        for name in ("true", "classes", "mean"):
            value = getattr(self, name)
            if value is not None:
                setattr(self, name, scale.reshape(-1, *[1] * (value.ndim - 1)) * value)
        self.peak = peak

    def weights(self):
        """Weights over all rows added, of sum one."""
        each = self.total[:, None]
        return Weights(
            true=None if self.true is None else self.true / self.total,
            participation=self.squares / self.total**2,
            entropy=self.total.log() - self.tilted / self.total,
            classes=None if self.classes is None else self.classes / each,
            mean=None if self.mean is None else self.mean / each,
        )


def _plus(total, added):
    return added.to(torch.float64) if total is None else total + added


def _joined(parts):
    """Weights of all points from the Weights of parts of the points."""

    def column(name):
        values = [getattr(part, name) for part in parts]
        return None if values[0] is None else torch.cat(values)

    return Weights(**{field.name: column(field.name) for field in fields(Weights)})


def _tensor(part):
    """A part of the rows as a tensor. An array is copied, so that torch does not write to disk."""
    return part if torch.is_tensor(part) else torch.from_numpy(np.array(part))


def _chunks(rows, chunk):
    """Start, rows (m, d) and half their squared norms (m,), chunk by chunk."""
    for start in range(0, len(rows), chunk):
        part = _tensor(rows[start : start + chunk])
        yield start, part, part.square().sum(dim=1) / 2


def _one_hot(labels, start, part, count):
    """One-hot labels (m, K) of a chunk, in the dtype of its rows; None without labels."""
    if labels is None:
        return None
    classes = torch.as_tensor(labels[start : start + len(part)], device=part.device)
    return nn.functional.one_hot(classes.long(), count).to(part.dtype)


def weights(y, rows, sigma, *, labels=None, mean=False, chunk=CHUNK):
    """Posterior weights of a training set's rows given noisy points.

    Args:    y - (n, d), points x_0 + sigma g; rows - (N, d), the training set: a tensor, or an
             array to slice; sigma - noise level, a number or (n,); labels - classes 0..K - 1 of
             the rows (N,); mean - whether to compute E(x_0 | y); chunk - rows at once.
    Returns: Weights of the n points, `true` None.
    """
    y, count = torch.as_tensor(y), _count(labels)
    variance = torch.as_tensor(sigma, dtype=y.dtype, device=y.device).expand(len(y)) ** 2
    done = []
    for points, own in zip(y.split(POINTS), variance[:, None].split(POINTS), strict=True):
        sums = _Sums(len(points), y.device)
        for start, part, half in _chunks(rows, chunk):
            exponents = (points.to(part.dtype) @ part.T - half) / own.to(part.dtype)
            classes = _one_hot(labels, start, part, count)
            sums.add(exponents, rows=part if mean else None, classes=classes)
        done.append(sums.weights())
    return _joined(done)


def noised_weights(rows, chosen, noise, sigmas, *, labels=None, chunk=CHUNK):
    """Posterior weights given training points with the same noise at several levels.

    The levels share the products with the rows: y . a_i = a_c . a_i + sigma g . a_i.

    Args:    rows, labels, chunk - see `weights`; chosen - numbers c (n,) of the points to which
             noise is added; noise - g (n, d), standard normal; sigmas - noise levels.
    Returns: list of Weights, one per level, each of the n points.
    """
    chosen, noise, count = torch.as_tensor(chosen), torch.as_tensor(noise), _count(labels)
    done = [[] for _ in sigmas]
    for numbers, rough in zip(chosen.split(POINTS), noise.split(POINTS), strict=True):
        clean = _tensor(rows[numbers])
        sums = [_Sums(len(numbers), clean.device) for _ in sigmas]
        for start, part, half in _chunks(rows, chunk):
            signal, disturbance = clean @ part.T - half, rough.to(part.dtype) @ part.T
            classes = _one_hot(labels, start, part, count)
            for level, sigma in zip(sums, sigmas, strict=True):
                precision = 1 / float(sigma)
                exponents = (signal * precision**2).add_(disturbance, alpha=precision)
                level.add(exponents, classes=classes, true=numbers - start)
        for parts, level in zip(done, sums, strict=True):
            parts.append(level.weights())
    return [_joined(parts) for parts in done]


def nearest_rows(points, rows, *, chunk=CHUNK):
    """Number of the row nearest to each point (n,); the first of equally near rows."""
    least = torch.full((len(points),), math.inf, dtype=torch.float64, device=points.device)
    numbers = torch.zeros(len(points), dtype=torch.int64, device=points.device)
    for start, part, half in _chunks(rows, chunk):
        squared, there = (half - points.to(part.dtype) @ part.T).to(torch.float64).min(dim=1)
        numbers = torch.where(squared < least, there + start, numbers)
        least = torch.minimum(squared, least)
    return numbers


def _count(labels):
    return None if labels is None else int(torch.as_tensor(labels).max()) + 1


class EmpiricalDenoiser(nn.Module):
    """D(y, sigma) = sum_i w_i a_i of a training set: the denoiser that memorises it.

    Args:    rows - (N, d), float; image_shape - (C, H, W) with d = C*H*W; chunk - rows at once.
    Raises:  ValueError - the rows do not have the shape's number of pixels.
    """

    kind = "empirical"
    label_dim = 0

    def __init__(self, rows, image_shape, *, chunk=CHUNK):
        super().__init__()
        rows = torch.as_tensor(rows)
        if rows.ndim != 2 or rows.shape[1] != math.prod(image_shape):
            raise ValueError(
                f"rows must be (N, {math.prod(image_shape)}) for images of shape "
                f"{tuple(image_shape)}, found {tuple(rows.shape)}"
            )
        self.image_shape, self.chunk = tuple(image_shape), chunk
        self.register_buffer("rows", rows)

    def forward(self, x, sigma, class_labels=None):
        """D(x; sigma): x (n, C, H, W), any float dtype; the same shape and dtype."""
        require_arguments(self, x, sigma, class_labels)
        levels = per_sample(sigma, x).flatten()
        found = weights(x.flatten(1), self.rows, levels, mean=True, chunk=self.chunk)
        return found.mean.reshape(x.shape).to(x.dtype)

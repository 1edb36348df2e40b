"""Jacobians of maps of images: products with vectors, whole matrices, leading singular values.

A map f takes images (n, C, H, W) to images of the same shape, each by itself, as networks without
batch statistics do. The Jacobian of a batch is then block diagonal, and one product with a vector
per image serves them all. Results are float64, d = C*H*W.
"""

import contextlib
import itertools
import warnings
from dataclasses import dataclass

import torch
from torch.func import jvp, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel

from gaussianity.errors import InputError

TOGETHER = 16  # images whose whole Jacobians are computed at once; otherwise one image at a time
AT_ONCE = 1024  # images with a vector each in one product
ROUNDING = 1e-8  # share of the largest singular value below which one is not told from 0
DROPPED = 1e-5  # share of a direction beside those known, below which it counts as known


class NotDifferentiable(ValueError):
    """The map's derivative cannot be had, or is not that of its values."""


@contextlib.contextmanager
def differentiable_denoiser(path, otherwise):
    """Turn NotDifferentiable into an InputError that names the denoiser's file.

    Args:    path - of the denoiser; otherwise - what the user can do without a derivative.
    """
    try:
        yield
    except NotDifferentiable as error:
        raise InputError(
            f"{path}: expected a denoiser that torch can differentiate, found that {error}; "
            f"{otherwise}"
        ) from None


class Derivative:
    """Products of a map's Jacobian at x with vectors, m at a time: (m, n, C, H, W) to the same.

    Attention is computed by plain products of matrices, since the fused ones lack derivatives of
    some kinds. Where another operation of f lacks a derivative in forward mode, J v is taken as the
    derivative of u -> J^T u, two passes backward; where many vectors cannot be done at once, they
    are done one by one. A warning says so.

    Args:    f - the map; x - images; forward_mode - False takes the two passes from the start:
             torch needs seconds to load what forward mode wants.
    Raises:  NotDifferentiable - torch cannot derive f, or knows of no dependence on x. Here, or
             where a product is asked for.
    """

    def __init__(self, f, x, *, forward_mode=True):
        self.f, self.x = f, x.detach().clone().requires_grad_()
        self.together, self.forward_mode = True, forward_mode
        with _differentiating():
            self.y = f(self.x)
        if not self.y.requires_grad:
            raise NotDifferentiable(
                "torch knows of no derivative, as under torch.no_grad, of detached tensors or of "
                "another library's arrays"
            )

    def backward(self, vectors):
        """J^T u for each of the vectors u."""
        return self._pulled(self.y, self.x, vectors)

    def forward(self, vectors):
        """J v for each of the vectors v."""
        if self.forward_mode:
            try:
                with _differentiating(), torch.no_grad():  # no graph of a network's own weights
                    return vmap(self._pushed)(vectors)
            except NotDifferentiable as error:
                warnings.warn(f"J v by two passes backward: {error}", stacklevel=2)
                self.forward_mode = False
        with _differentiating():
            u = torch.zeros_like(self.y, requires_grad=True)
            (pulled,) = torch.autograd.grad(self.f(self.x), self.x, u, create_graph=True)
        return self._pulled(pulled, u, vectors)

    def _pushed(self, vector):
        return jvp(self.f, (self.x.detach(),), (vector,))[1]

    def _pulled(self, y, x, vectors):
        """Derivative of sum(y u) by x for each of the vectors u."""
        if self.together:
            try:
                with _differentiating():
                    return torch.autograd.grad(
                        y, x, vectors, retain_graph=True, is_grads_batched=True
                    )[0]
            except NotDifferentiable as error:
                warnings.warn(f"one vector after the other: {error}", stacklevel=3)
                self.together = False
        with _differentiating():
            return torch.stack(
                [torch.autograd.grad(y, x, u, retain_graph=True)[0] for u in vectors]
            )

    def error(self, direction):
        """|J v - (f(x + v) - f(x - v)) / 2| over |J v|, of all images together; v - like x."""
        with torch.no_grad():
            difference = (self.f(self.x + direction) - self.f(self.x - direction)) / 2
        product = self.forward(direction[None])[0].detach()
        return float((product - difference).norm() / product.norm().clamp_min(1e-300))


@contextlib.contextmanager
def _differentiating():
    """Gradients and attention that has them; torch's refusals become NotDifferentiable."""
    try:
        with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH):
            yield
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:  # NotImplementedError is one
        sentence = " ".join(str(error).split())[:200]
        raise NotDifferentiable(f"torch says: {sentence}") from error


def jacobian(f, x):
    """The whole Jacobian of each image: float64 (n, d, d), d outputs by d inputs.

    Takes d products backward. For images of few pixels.
    Raises:  NotDifferentiable - see Derivative.
    """
    n, d = len(x), x[0].numel()
    derivative = Derivative(f, x)
    units = torch.eye(d, dtype=x.dtype, device=x.device).reshape(d, 1, *x.shape[1:])
    rows = [
        derivative.backward(part.expand(-1, *x.shape)).flatten(2)
        for part in units.split(max(1, AT_ONCE // n))
    ]
    return torch.cat(rows).transpose(0, 1).to(torch.float64)


@dataclass(frozen=True)
class Leading:
    """The largest singular values (n, b), falling, and right singular vectors (n, d, b) of the
    Jacobian of each image as far as they were found, and the relative residual (n, b) of each.

    No value exceeds the true one of its rank. A true singular value, though not surely that of the
    rank, lies within residual / sqrt(2) of a value, relative to it.
    """

    values: torch.Tensor
    vectors: torch.Tensor
    residual: torch.Tensor


def leading_singular_values(derivative, start, iterations):
    """Leading singular values of a Jacobian J without J: block Lanczos on J^T J.

    The first b singular values of J on the Krylov space of b start vectors. It grows with each
    iteration, so that they can only rise; several vectors find several equal singular values. All
    vectors are kept orthogonal, and directions that are exhausted are left out.

    Args:    derivative - Derivative at n images; start - (n, d, b) vectors, independent of each
             other, b at most d; iterations - products with J and with J^T of a block.
    Returns: Leading.
    Source:  Golub and Van Loan (2013), sections 10.3.6 and 10.4.
    """
    parts = itertools.islice(krylov(derivative, start), iterations)
    basis, pushed, pulled = zip(*parts, strict=True)
    _, values, mixing = torch.linalg.svd(torch.cat(pushed, dim=2), full_matrices=False)
    mixing = mixing.mT[:, :, : start.shape[2]]
    vectors = torch.cat(basis, dim=2) @ mixing
    values = values[:, : start.shape[2]]
    scale = torch.maximum(values, ROUNDING * values[:, :1]).clamp_min(1e-150)[:, None]
    # With u = J v / s the residual is |J^T u - s v| / s.
    away = torch.cat(pulled, dim=2) @ mixing / scale**2 - vectors
    return Leading(values, vectors, away.norm(dim=1))


def krylov(derivative, start):
    """Orthonormal blocks that span the block Krylov space of J^T J, one more at a time, endlessly.

    Args:    derivative, start - see leading_singular_values.
    Yields:  block Q, J Q and J^T J Q, each (n, d, b); columns of zeros where the space is
             exhausted.
    """
    basis = start[:, :, :0].to(torch.float64)
    block = start.to(torch.float64)
    while True:
        block = _orthonormal(block, basis)
        pushed = products(derivative, block)
        pulled = _columns(derivative.backward(_vectors(pushed, derivative.x)))
        yield block, pushed, pulled
        basis, block = torch.cat([basis, block], dim=2), pulled


def products(derivative, columns):
    """J times each of the columns (n, d, m) of the images: the same shape, float64."""
    return _columns(derivative.forward(_vectors(columns, derivative.x)))


def _vectors(columns, like):
    """(n, d, m) -> (m, n, C, H, W) in the dtype of images."""
    return columns.permute(2, 0, 1).reshape(-1, *like.shape).to(like)


def _columns(vectors):
    """(m, n, C, H, W) -> (n, d, m) in float64."""
    return vectors.detach().flatten(2).permute(1, 2, 0).to(torch.float64)


def _orthonormal(block, basis):
    """Orthonormal columns (n, d, m) that span, with the basis, what the block adds to it; columns
    of zeros where it adds nothing."""
    scale = block.norm(dim=1).amax(dim=1)[:, None]  # (n, 1)
    for _ in range(2):  # once leaves the rounding errors of small columns
        block = block - basis @ (basis.mT @ block)
        squares, mixing = torch.linalg.eigh(block.mT @ block)
        kept = squares > (DROPPED * scale) ** 2
        block = block @ (mixing * torch.where(kept, squares, torch.inf).rsqrt()[:, None, :])
        scale = torch.ones_like(scale)
    return block

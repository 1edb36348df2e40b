"""Jacobians of maps of images: products with vectors, whole matrices, leading singular values.

A map f takes images (n, C, H, W) to images of the same shape. Each image of its result depends only
on the same image of its argument, as in networks without batch statistics. The Jacobian of a batch
is then block diagonal, and one product multiplies each image's block by a vector of its own.
Results are float64, d = C*H*W.
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
AT_ONCE = 1024  # vectors of all images together in one product
ROUNDING = 1e-8  # singular values below this share of the largest may be rounding errors
DROPPED = 1e-5  # a vector with a smaller relative part outside the basis adds no direction


class NotDifferentiable(ValueError):
    """torch cannot differentiate the map, or the derivative does not fit the map's values."""


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
    """Products of a map's Jacobian at x with m vectors at once: (m, n, C, H, W) to the same shape.

    Attention is computed by matrix products, since fused attention lacks some derivatives. If
    another operation of f lacks a derivative in forward mode, J v is computed as the derivative of
    u -> J^T u, by two passes backward. If several vectors cannot be multiplied at once, they are
    multiplied one by one. Both cases give a warning.

    Args:    f - the map; x - images; forward_mode - False computes J v by two passes backward from
             the start, which spares the seconds that torch takes to load forward mode.
    Raises:  NotDifferentiable - torch cannot differentiate f, or f does not depend on x. It is
             raised here or by a product.
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
                with (
                    _differentiating(),
                    torch.no_grad(),
                ):  # without the graph of the network's weights
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
        """Derivative of sum(y u) with respect to x for each of the vectors u."""
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
        """|J v - (f(x + v) - f(x - v)) / 2| / |J v| over all images; direction - v, shape of x."""
        with torch.no_grad():
            difference = (self.f(self.x + direction) - self.f(self.x - direction)) / 2
        product = self.forward(direction[None])[0].detach()
        return float((product - difference).norm() / product.norm().clamp_min(1e-300))


@contextlib.contextmanager
def _differentiating():
    """Enable gradients and differentiable attention; torch's errors become NotDifferentiable."""
    try:
        with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH):
            yield
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:  # including NotImplementedError
        sentence = " ".join(str(error).split())[:200]
        raise NotDifferentiable(f"torch says: {sentence}") from error


def jacobian(f, x):
    """The whole Jacobian of each image: float64 (n, d, d), outputs by inputs.

    It takes d products backward and is meant for images of few pixels.
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
    """Estimates of the largest singular values of each image's Jacobian.

    values - (n, b), falling; vectors - right singular vectors (n, d, b); residual - relative
    residual (n, b) of each value. No value exceeds the true singular value of the same rank. A true
    singular value, possibly of another rank, lies within the relative distance residual / sqrt(2)
    of each value.
    """

    values: torch.Tensor
    vectors: torch.Tensor
    residual: torch.Tensor


def leading_singular_values(derivative, start, iterations):
    """Leading singular values of a Jacobian J from products with vectors: block Lanczos on J^T J.

    The values are the first b singular values of J restricted to the Krylov space of b start
    vectors. The space grows with each iteration, so that the values can only rise. Several start
    vectors are needed to find equal singular values. All vectors are kept orthogonal, and exhausted
    directions are left out.

    Args:    derivative - Derivative at n images; start - linearly independent vectors (n, d, b), b
             at most d; iterations - number of products of a block with J and with J^T.
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
    """Orthonormal blocks that span the block Krylov space of J^T J, without end.

    Args:    derivative, start - see leading_singular_values.
    Yields:  block Q, J Q and J^T J Q, each (n, d, b), with columns of zeros once the space is
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
    """Orthonormal columns (n, d, m) for the part of the block outside the basis; columns of zeros
    stand for directions that the block does not add."""
    scale = block.norm(dim=1).amax(dim=1)[:, None]  # (n, 1)
    for _ in range(2):  # the second pass removes the rounding errors of small columns
        block = block - basis @ (basis.mT @ block)
        squares, mixing = torch.linalg.eigh(block.mT @ block)
        kept = squares > (DROPPED * scale) ** 2
        block = block @ (mixing * torch.where(kept, squares, torch.inf).rsqrt()[:, None, :])
        scale = torch.ones_like(scale)
    return block

"""Mixtures of low-rank Gaussians: their law, their samples, their posterior mean as a denoiser.

x_0 ~ sum_k pi_k N(0, U_k U_k^T) with U_k (n, d_k), U_k^T U_k = I, is seen as x_t = s x_0 + gamma e,
e ~ N(0, I). Source: Wang et al. (2024), arXiv 2409.02426, definition 1, lemma 1, equation 9.

Where tensors hold several bases, (..., K, n, d), columns of zeros fill those of fewer than d: they
change no projection and count in no dimension.
"""

import math

import torch
from torch import nn

from gaussianity.denoisers.arguments import per_sample

ORTHONORMAL = 1e-6  # largest entry of U^T U - I that rounding is held to explain


def require_orthonormal(bases):
    """Raise ValueError unless all are (n, d_k) of one n, with orthonormal columns."""
    if len({len(basis) for basis in bases}) != 1:
        raise ValueError(f"bases must be of one space, found {[tuple(u.shape) for u in bases]}")
    for k, basis in enumerate(bases):
        off = basis.mT @ basis - torch.eye(basis.shape[1], dtype=basis.dtype)
        if not off.abs().max() <= ORTHONORMAL:
            raise ValueError(
                f"basis {k} must have orthonormal columns, U^T U is off by {off.abs().max():.2g}"
            )


def require_weights(weights, count):
    """Raise ValueError unless there are `count`, positive and of sum 1."""
    if len(weights) != count or min(weights) <= 0 or abs(sum(weights) - 1) > 1e-9:
        raise ValueError(f"weights must be {count} positive numbers of sum 1, found {weights}")


def padded(bases):
    """Bases (..., n, d_k) in one tensor (..., K, n, d), d the largest, with columns of zeros."""
    widest = max(basis.shape[-1] for basis in bases)
    pad = nn.functional.pad
    return torch.stack([pad(basis, (0, widest - basis.shape[-1])) for basis in bases], dim=-3)


def _levels(value, like):
    """A number or (..., m) as a tensor of at least one axis that fits rows (..., m, n)."""
    return torch.atleast_1d(torch.as_tensor(value, dtype=like.dtype, device=like.device))


def posterior_weights(coordinates, bases, weights, s, gamma):
    """Posterior probability of each component (lemma 1, equation 9).

    Args:    coordinates - U_k^T x (..., K, m, d); bases - (..., K, n, d); weights - pi_k (K,);
             s, gamma - scale and noise of the rows, numbers or (..., m).
    Returns: (..., K, m), of sum 1 over the components.
    """
    s, gamma = (_levels(value, coordinates)[..., None, :] for value in (s, gamma))
    total = s**2 + gamma**2
    phi = s**2 / (2 * gamma**2 * total)
    dimensions = (bases != 0).any(dim=-2).sum(dim=-1)[..., None]  # (..., K, 1)
    # d_k/2 log(gamma^2 / (s^2 + gamma^2)) drops only where all d_k are equal, as in the paper.
    volume = dimensions * (2 * gamma.log() - total.log()) / 2
    logits = weights.to(coordinates).log()[:, None] + volume + phi * coordinates.square().sum(-1)
    return logits.softmax(dim=-2)


def posterior_mean(x, bases, weights, s, gamma):
    """E(x_0 | x_t = x) = s / (s^2 + gamma^2) sum_k w_k U_k U_k^T x (lemma 1).

    Args:    x - rows (..., m, n); bases - (..., K, n, d), orthonormal, padded with zeros; weights -
             (K,); s, gamma - numbers or (..., m), gamma above 0.
    Returns: (..., m, n) in the dtype of x, in which it computes.
    """
    bases = bases.to(x)
    coordinates = x[..., None, :, :] @ bases  # (..., K, m, d)
    w = posterior_weights(coordinates, bases, weights, s, gamma)
    projected = ((w[..., None] * coordinates) @ bases.mT).sum(dim=-3)
    s, gamma = _levels(s, x)[..., None], _levels(gamma, x)[..., None]
    return s / (s**2 + gamma**2) * projected


def posterior_jacobian(x, bases, weights, s, gamma):
    """Derivative of `posterior_mean` by x: (..., m, n, n), of rank at most the sum of the d_k.

    s / (s^2 + gamma^2) [sum_k w_k P_k + 2 phi (sum_k w_k P_k x x^T P_k - m m^T)], P_k = U_k U_k^T,
    m = sum_k w_k P_k x. Arguments as `posterior_mean`.
    """
    bases = bases.to(x)
    coordinates = x[..., None, :, :] @ bases
    w = posterior_weights(coordinates, bases, weights, s, gamma).mT  # (..., m, K)
    projected = (coordinates @ bases.mT).transpose(-3, -2)  # (..., m, K, n)
    apart = projected - (w[..., None] * projected).sum(dim=-2, keepdim=True)
    between = (w[..., None] * apart).mT @ apart
    within = torch.einsum("...mk,...kab->...mab", w, bases @ bases.mT)
    s, gamma = _levels(s, x)[..., None, None], _levels(gamma, x)[..., None, None]
    shrinkage = s / (s**2 + gamma**2)
    return shrinkage * (within + shrinkage * s / gamma**2 * between)  # 2 phi = shrinkage s/gamma^2


class PosteriorMeanDenoiser(nn.Module):
    """Exact posterior mean of a mixture of low-rank Gaussians (lemma 1). Computes in float64.

    D(x; sigma) is lemma 1 with s = 1 and gamma = sigma; it knows no classes.

    Args:    image_shape - (C, H, W), of n numbers; dimensions - d_k of each component. The buffers
             `bases` (K, n, d), padded with zeros, and `weights` (K,) hold the mixture, see
             `of_mixture`.
    """

    kind = "low_rank_mixture"

    def __init__(self, *, image_shape, dimensions):
        super().__init__()
        self.image_shape, self.label_dim = tuple(image_shape), 0
        self.arguments = dict(image_shape=list(image_shape), dimensions=list(dimensions))
        shape = len(dimensions), math.prod(image_shape), max(dimensions)
        self.register_buffer("bases", torch.zeros(shape, dtype=torch.float64))
        self.register_buffer("weights", torch.zeros(len(dimensions), dtype=torch.float64))

    @classmethod
    def of_mixture(cls, mixture, image_shape):
        """The denoiser of a LowRankMixture whose rows are images of image_shape."""
        denoiser = cls(image_shape=image_shape, dimensions=mixture.dimensions)
        denoiser.bases.copy_(padded(mixture.bases))
        denoiser.weights.copy_(torch.tensor(mixture.weights, dtype=torch.float64))
        return denoiser

    def forward(self, x, sigma, class_labels=None):
        """D(x; sigma): x (n, C, H, W), any float dtype; the same shape and dtype."""
        return _denoised(self, x.to(torch.float64), sigma, class_labels).to(x.dtype)

    def jacobian(self, x, sigma, class_labels=None):
        """Jacobian of D by x in closed form: float64 (n, d, d), d = C*H*W."""
        _require_no_labels(class_labels)
        rows = x.to(torch.float64).flatten(1)
        gamma = per_sample(sigma, x.to(torch.float64)).flatten()
        return posterior_jacobian(rows, self.bases, self.weights, 1.0, gamma)


class LowRankDenoiser(nn.Module):
    """The denoiser of lemma 1 with bases U_k to be learnt (equation 9; equation 11 where K = 1).

    D(x; sigma) is equation 9 with s = 1 and gamma = sigma, in the dtype of x. The bases are free
    parameters; `subspace_sgd` keeps them orthonormal while it learns them.

    Args:    image_shape - (C, H, W), of n numbers; dimensions - d_k of each component; weights -
             pi_k, equal where none are given. The parameter `bases` (K, n, d) starts at zero, see
             `start`.
    """

    kind = "low_rank"

    def __init__(self, *, image_shape, dimensions, weights=()):
        super().__init__()
        weights = list(weights) or [1 / len(dimensions)] * len(dimensions)
        require_weights(weights, len(dimensions))
        self.image_shape, self.label_dim = tuple(image_shape), 0
        self.arguments = dict(
            image_shape=list(image_shape), dimensions=list(dimensions), weights=weights
        )
        shape = len(dimensions), math.prod(image_shape), max(dimensions)
        self.bases = nn.Parameter(torch.zeros(shape))
        self.register_buffer("weights", torch.tensor(weights, dtype=torch.float64))

    @torch.no_grad()
    def start(self, bases):
        """Take these bases, (n, d_k) of each component: self.

        Raises:  ValueError - other shapes, or columns that are not orthonormal.
        """
        bases = [torch.as_tensor(basis, dtype=torch.float64) for basis in bases]
        require_orthonormal(bases)
        expected = [(self.bases.shape[1], d) for d in self.arguments["dimensions"]]
        found = [tuple(basis.shape) for basis in bases]
        if found != expected:
            raise ValueError(f"bases must have the shapes {expected}, found {found}")
        self.bases.copy_(padded(bases))
        return self

    def forward(self, x, sigma, class_labels=None):
        """D(x; sigma): x (n, C, H, W), any float dtype; the same shape and dtype."""
        return _denoised(self, x, sigma, class_labels)


def _denoised(denoiser, x, sigma, class_labels):
    _require_no_labels(class_labels)
    gamma = per_sample(sigma, x).flatten()
    rows = posterior_mean(x.flatten(1), denoiser.bases, denoiser.weights, 1.0, gamma)
    return rows.reshape(x.shape)


def _require_no_labels(class_labels):
    if class_labels is not None:
        raise ValueError("class_labels must be None: a mixture's denoiser knows no classes")

"""Mixtures of low-rank Gaussians: their posterior mean, and the denoiser that computes it.

The data are x_0 ~ sum_k pi_k N(0, U_k U_k^T) with U_k (n, d_k), U_k^T U_k = I. The noisy data are
x_t = s x_0 + gamma e, e ~ N(0, I).

A tensor of several bases has the shape (..., K, n, d). Bases with fewer than d columns are padded
with columns of zeros, which change no projection and are not counted as dimensions.

Source: Wang et al. (2024), arXiv 2409.02426, definition 1, lemma 1, equation 9.
"""

import math

import torch
from torch import nn

from gaussianity.denoisers.arguments import per_sample, require_arguments

ORTHONORMAL = 1e-6  # largest entry of U^T U - I that is attributed to rounding


def require_orthonormal(bases):
    """Raise ValueError unless all bases are (n, d_k) with the same n and orthonormal columns."""
    if len({len(basis) for basis in bases}) != 1:
        raise ValueError(f"bases must be of one space, found {[tuple(u.shape) for u in bases]}")
    for k, basis in enumerate(bases):
        off = basis.mT @ basis - torch.eye(basis.shape[1], dtype=basis.dtype)
        if not off.abs().max() <= ORTHONORMAL:
            raise ValueError(
                f"basis {k} must have orthonormal columns, U^T U is off by {off.abs().max():.2g}"
            )


def require_weights(weights, count):
    """Raise ValueError unless these are `count` positive numbers of sum 1."""
    if len(weights) != count or min(weights) <= 0 or abs(sum(weights) - 1) > 1e-9:
        raise ValueError(f"weights must be {count} positive numbers of sum 1, found {weights}")


def padded(bases):
    """Bases (..., n, d_k) as one tensor (..., K, n, d), d the largest d_k, padded with zeros."""
    widest = max(basis.shape[-1] for basis in bases)
    pad = nn.functional.pad
    return torch.stack([pad(basis, (0, widest - basis.shape[-1])) for basis in bases], dim=-3)


def _levels(value, like):
    """A number or (..., m) as a tensor of at least one axis, for rows (..., m, n)."""
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
    # d_k/2 log(gamma^2 / (s^2 + gamma^2)) cancels only where all d_k are equal, as in the paper.
    volume = dimensions * (2 * gamma.log() - total.log()) / 2
    logits = weights.to(coordinates).log()[:, None] + volume + phi * coordinates.square().sum(-1)
    return logits.softmax(dim=-2)


def posterior_mean(x, bases, weights, s, gamma):
    """E(x_0 | x_t = x) = s / (s^2 + gamma^2) sum_k w_k U_k U_k^T x (lemma 1).

    Args:    x - rows (..., m, n); bases - (..., K, n, d), orthonormal, padded with zeros; weights -
             (K,); s, gamma - numbers or (..., m), gamma above 0.
    Returns: (..., m, n), computed in the dtype of x.
    """
    bases = bases.to(x)
    coordinates = x[..., None, :, :] @ bases  # (..., K, m, d)
    w = posterior_weights(coordinates, bases, weights, s, gamma)
    projected = ((w[..., None] * coordinates) @ bases.mT).sum(dim=-3)
    s, gamma = _levels(s, x)[..., None], _levels(gamma, x)[..., None]
    return s / (s**2 + gamma**2) * projected


class PosteriorMeanDenoiser(nn.Module):
    """Exact posterior mean of a mixture of low-rank Gaussians (lemma 1), computed in float64.

    D(x; sigma) is lemma 1 with s = 1 and gamma = sigma. It takes no class labels.

    Args:    image_shape - (C, H, W), of n numbers; dimensions - d_k of each component. The buffers
             `bases` (K, n, d), padded with zeros, and `weights` (K,) describe the mixture, see
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
        require_arguments(self, x, sigma, class_labels)
        exact = x.to(torch.float64)
        gamma = per_sample(sigma, exact).flatten()
        rows = posterior_mean(exact.flatten(1), self.bases, self.weights, 1.0, gamma)
        return rows.reshape(x.shape).to(x.dtype)

"""The Jacobian of a GaussianDenoiser in closed form, a reference for measured ones."""

import torch

from gaussianity.denoisers.arguments import per_sample


def gaussian_jacobian(denoiser, x, sigma, class_labels=None):
    """Jacobian of D by x: float64 (n, d, d). It equals Cov(x0 | x) / sigma^2.

    It is the sum of two parts: the covariance within the classes, C_k (C_k + sigma^2)^-1 weighted
    by the posterior of k, and the covariance between the classes' posterior means over sigma^2.
    """
    flat = x.to(torch.float64).flatten(1)
    variance = per_sample(sigma, flat[:, :, None, None]).reshape(-1, 1) ** 2
    classes = range(denoiser.label_dim)
    if class_labels is None:
        weights = denoiser.class_probabilities(x, sigma)  # (n, K)
    else:
        weights = class_labels.to(torch.float64)
    means = torch.stack([_class_mean(denoiser, flat, variance, k) for k in classes], dim=1)
    apart = means - (weights[:, :, None] * means).sum(dim=1, keepdim=True)  # (n, K, d)
    between = (weights[:, :, None] * apart).mT @ apart / variance[:, :, None]
    within = torch.zeros_like(between)
    for k in classes:
        shrink = denoiser.variances[k] / (denoiser.variances[k] + variance)  # (n, rank)
        scaled = (weights[:, k, None] * shrink)[:, :, None] * denoiser.vectors[k]
        within += denoiser.vectors[k].T @ scaled
    return within + between


def _class_mean(denoiser, flat, variance, k):
    coordinates = (flat - denoiser.mean[k]) @ denoiser.vectors[k].T
    shrunk = coordinates * (denoiser.variances[k] / (denoiser.variances[k] + variance))
    return denoiser.mean[k] + shrunk @ denoiser.vectors[k]

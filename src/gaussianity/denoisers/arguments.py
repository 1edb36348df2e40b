"""Noise levels and class labels of denoisers, checked and in the shape of the images."""

import torch


def require_labels(class_labels, x, label_dim):
    """Raise ValueError unless class_labels is None or one-hot of shape (n, label_dim)."""
    if class_labels is not None and tuple(class_labels.shape) != (len(x), label_dim):
        raise ValueError(
            f"class_labels must be one-hot of shape {(len(x), label_dim)}, "
            f"found {tuple(class_labels.shape)}"
        )


def per_sample(sigma, x):
    """Noise levels, a scalar or (n,), as (n, 1, 1, 1) in the dtype of x."""
    if isinstance(sigma, (int, float)):  # filled on the device: a copy would wait for it
        return torch.full((len(x), 1, 1, 1), sigma, dtype=x.dtype, device=x.device)
    sigma = torch.as_tensor(sigma, dtype=x.dtype, device=x.device)
    return sigma.expand(len(x)).reshape(-1, 1, 1, 1)

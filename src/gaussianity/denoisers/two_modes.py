"""The positive control: images that linear classifiers distinguish from Gaussian data.

There are two classes of images. Across a direction u (left half bright, right half dark) they are
N(0, V I). Along u, class 0 is a balanced mixture of N(M + A, S^2) and N(M - A, S^2); class 1 is its
mirror image. With S^2 = V - A^2 each class has the mean +-M u and the covariance V I, so that
its Gaussian data are N(+-M u, V I). Linear classifiers of both learn the boundary u . x = 0. It
classifies correctly

    (Phi((M + A) / S) + Phi((M - A) / S)) / 2 = (1.0000 + 0.2609) / 2 = 0.6305  of the images,
    Phi(M / sqrt(V)) = Phi(0.75) = 0.7734                                       of Gaussian data.
"""

import math

import torch

from gaussianity.denoisers.arguments import per_sample

# In the network's unit, black -1 and white 1.
V = 0.25**2
M = 0.75 * 0.25
A = 0.95 * 0.25
S2 = V - A**2


def direction(image_shape, *, device=None):
    """u (C, H, W) of length one: positive in the left half, negative in the right half."""
    u = torch.ones(image_shape, dtype=torch.float64, device=device)
    u[..., image_shape[-1] // 2 :] = -1
    return u / math.sqrt(u.numel())


def denoiser(x, sigma, class_labels=None):
    """The exact posterior mean E(image | x) of a class, or of both classes without labels.

    Args:    x - (n, C, H, W) float64; sigma - a number or (n,); class_labels - one-hot (n, 2).
    Returns: (n, C, H, W).
    """
    u, noise = direction(x.shape[1:], device=x.device), per_sample(sigma, x).flatten() ** 2
    along = (x * u).flatten(1).sum(dim=1)
    signs = torch.tensor([1.0, 1.0, -1.0, -1.0], dtype=x.dtype, device=x.device)
    centres = signs * M + signs.new_tensor([A, -A, A, -A])  # two modes of class 0, two of class 1
    logits = -((along[:, None] - centres) ** 2) / (2 * (S2 + noise[:, None]))  # (n, 4)
    if class_labels is not None:
        logits = logits + class_labels.to(x.dtype).log().repeat_interleave(2, dim=1)
    fit = centres + (S2 / (S2 + noise))[:, None] * (along[:, None] - centres)
    denoised = (logits.softmax(dim=1) * fit).sum(dim=1)
    shrunk = (V / (V + noise)).reshape(-1, 1, 1, 1)  # across u the images are N(0, V I)
    return shrunk * (x - along.reshape(-1, 1, 1, 1) * u) + denoised.reshape(-1, 1, 1, 1) * u

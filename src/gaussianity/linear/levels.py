"""A denoiser and its references on noisy images, at many noise levels: numbers of each image.

The noisy images are either data images with added noise (forward), which is what a denoiser is
trained on, or the states of the sampler (trajectory), which explain the images that are made.
"""

import numpy as np
import torch

from gaussianity.linear.measures import residuals, squared
from gaussianity.linear.references import GAUSSIAN, REFERENCES
from gaussianity.sampling.sampler import walk

FORWARD, TRAJECTORY = "forward", "trajectory"


def forward(denoiser, label, rows, references, sigmas, generator, *, batch_size, device="cpu"):
    """Numbers of clean images with noise added, the same normals at every level.

    Args:    denoiser - D(x, sigma, class_labels); label - of the class, None for an unconditional
             one; rows - clean images (n, d), network form; references - of the class; sigmas -
             levels; generator - NumPy generator of the noise; batch_size - images at once.
    Yields:  for each level a dict of columns with a row per image, and the mean of D over images
             (d,). Columns: law, sigma, image, of_<reference> (squared distance of D from it, NaN
             where a reference is left out), about_mean (|D - mean D|^2 at this level), score (|D -
             x|^2), loss and gaussian_loss (squared distances from the clean image, NaN on
             trajectories).
    """
    shape = (-1, *denoiser.image_shape)
    clean = torch.as_tensor(np.asarray(rows), dtype=torch.float64).reshape(shape)
    noise = torch.from_numpy(generator.standard_normal(tuple(clean.shape)))
    for sigma in map(float, sigmas):
        x = clean + sigma * noise
        denoised = evaluated(denoiser, x, sigma, label, batch_size, device)
        yield _columns(FORWARD, sigma, x, denoised, references, clean)


def along(denoiser, label, seeds, references, settings, *, device="cpu"):
    """Numbers of the sampler's own states, see `forward`.

    Args:    seeds - one per image; settings - of `sampler.walk`.
    """
    labels = one_hot(denoiser, label, len(seeds))
    for step, x, _, denoised, _ in walk(denoiser, seeds, labels, device=device, **settings):
        x_hat = step.churned(x).cpu()
        yield _columns(TRAJECTORY, step.sigma_hat, x_hat, denoised.cpu(), references, None)


@torch.no_grad()
def evaluated(denoiser, x, sigma, label, batch_size, device="cpu"):
    """D(x; sigma) of one label, in batches: float64 (n, C, H, W) on the CPU."""
    parts = []
    for part in x.split(batch_size):
        labels = one_hot(denoiser, label, len(part))
        labels = None if labels is None else labels.to(device)
        parts.append(denoiser(part.to(device), sigma, labels).to("cpu", torch.float64))
    return torch.cat(parts)


def one_hot(denoiser, label, count):
    """Labels of `count` images of one class; None for a denoiser without labels."""
    return torch.eye(denoiser.label_dim)[[label] * count] if denoiser.label_dim else None


def _columns(law, sigma, x, denoised, references, clean):
    n, nothing = len(x), np.full(len(x), np.nan)
    found = {name: denoise(x, sigma).numpy() for name, denoise in references.denoisers.items()}
    denoised = denoised.numpy()
    columns = dict(
        law=np.array([law] * n), sigma=np.full(n, sigma), image=np.arange(n, dtype=np.int32)
    )
    for name in REFERENCES:
        columns[f"of_{name}"] = residuals(denoised, found[name]) if name in found else nothing
    mean = denoised.mean(axis=0)
    columns["about_mean"] = squared(denoised - mean)
    columns["score"] = squared(denoised - x.numpy())
    for name, of in (("loss", denoised), ("gaussian_loss", found[GAUSSIAN])):
        columns[name] = nothing if clean is None else residuals(of, clean.numpy())
    return columns, mean.reshape(-1)


def between_classes(means, images):
    """Squared distances of class means from the mean of all images: float64 (K,).

    Args:    means - (K, d); images - of each class (K,).
    """
    overall = np.average(means, axis=0, weights=images)
    return squared(np.asarray(means) - overall)

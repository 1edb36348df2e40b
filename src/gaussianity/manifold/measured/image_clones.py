"""Cloning with any denoiser: what two clones have in common, compared with the training images.

A noisy image follows the reverse process of a denoiser. At some times it is cloned, and two clones
continue with independent noise (`clones.forked`). Do they end in one class, or as copies of one
training image? The weights of the training images along the denoiser's trajectory are measured,
too. Images are (n, C, H, W) in the network form, float64; t = log(1 + sigma^2) / 2.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from gaussianity.denoisers.empirical_score import weights
from gaussianity.io.columns import concatenated
from gaussianity.manifold.measured.clones import forked
from gaussianity.manifold.process import noise_level, reverse_times, score_of
from gaussianity.sampling.sampler import ImageNoise

LAST = 2e-4  # t at which a trajectory ends, noise level 0.02: D is then the clean image
COPIED = 1 / 3  # of the distance to the second nearest training image, below which one is a copy
TOGETHER = 256  # images whose distances to all training images are held at once


@dataclass(frozen=True)
class TrainingSet:
    """Training images: rows (N, d) in the network form, float64, and classes (N,)."""

    rows: torch.Tensor
    labels: torch.Tensor

    def nearest_images(self, images, *, others=False):
        """Number of each image's nearest training image, and whether the image is a copy of it.

        An image is a copy if its distance to the nearest training image is less than a third of
        that to the second nearest.

        Args:    images - (n, C, H, W) or (n, d); others - the images are the training images, and
                 each one is compared with the others.
        Returns: int64 (n,), bool (n,).
        Source:  Yoon et al. (2023), "Diffusion probabilistic models generalize when they fail to
                 memorize", for the third.
        """
        numbers, copies = [], []
        for start in range(0, len(images), TOGETHER):
            distances = torch.cdist(images[start : start + TOGETHER].flatten(1), self.rows)
            if others:
                distances[:, start:].fill_diagonal_(math.inf)
            found = distances.topk(2, dim=1, largest=False)
            numbers.append(found.indices[:, 0])
            copies.append(found.values[:, 0] < COPIED * found.values[:, 1])
        return torch.cat(numbers), torch.cat(copies)

    def classes(self, images):
        """Class of the nearest training image: int64 (n,)."""
        return self.labels[self.nearest_images(images)[0]]

    @property
    def accuracy(self):
        """Share of the training images whose nearest other training image has their class."""
        nearest, _ = self.nearest_images(self.rows, others=True)
        return float((self.labels[nearest] == self.labels).double().mean())


def compared(training_set, y, time, first, second):
    """What clones have in common, and the weights of the training images given y.

    Args:    training_set - TrainingSet; y - n images with the noise of a time; first, second - the
             clean ends of their clones.
    Returns: dict of columns (n,): time; same_image - both ends have the same nearest training
             image; copies - share of the two ends that are copies of their nearest image; same_copy
             - both are copies of one image; participation and entropy of the weights of the
             training images given y.
    """
    one, one_is_copy = training_set.nearest_images(first)
    other, other_is_copy = training_set.nearest_images(second)
    found = weights(y.flatten(1), training_set.rows, noise_level(time))
    same = one == other
    return dict(
        time=np.full(len(y), time),
        same_image=same.double().numpy(),
        copies=((one_is_copy.double() + other_is_copy.double()) / 2).numpy(),
        same_copy=(same & one_is_copy & other_is_copy).double().numpy(),
        participation=found.participation.numpy(),
        entropy=found.entropy.numpy(),
    )


@torch.no_grad()
def clone_table(denoiser, images, training_set, classes, *, forks, steps, generator):
    """The cloning experiment with clean images that are noised to the last of the forks.

    Args:    denoiser - D(y, sigma); images - (n, C, H, W) on its device; training_set -
             TrainingSet; classes - function of clean images that returns their classes (n,); forks
             - rising times of the clones; steps - of the reverse process from the last fork to
             LAST; generator - NumPy's.
    Returns: dict of columns, a row per fork and image: those of `compared`, image, and same_class -
             both ends are in one class.
    Raises:  ValueError - a fork is not after LAST.
    """
    if min(forks) <= LAST:
        raise ValueError(f"forks must be after the time {LAST:g}, found {min(forks):g}")

    def noises():
        seeds = generator.integers(2**32, size=len(images))
        return ImageNoise(seeds, images.shape[1:], images.device)

    def clean(x):
        return denoiser(math.exp(LAST) * x, float(noise_level(LAST))).cpu()

    times = reverse_times(max(forks), LAST, steps)
    noised = images + noise_level(times[0]) * noises().normal(images.dtype)
    start, parts = math.exp(-times[0]) * noised, []
    for time, state, ends in forked(score_of(denoiser), start, times, forks, noises):
        first, second = (clean(end) for end in ends)
        same = (classes(first) == classes(second)).double().numpy()
        columns = compared(training_set, math.exp(time) * state.cpu(), time, first, second)
        parts.append(dict(image=np.arange(len(images)), same_class=same) | columns)
    return concatenated(parts)

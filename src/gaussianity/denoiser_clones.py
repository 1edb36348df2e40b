"""Cloning experiments with any denoiser: when is it decided where a reverse trajectory ends?

A noisy image y = x_0 + sigma g walks down the noise levels; at some of them it is cloned, and two
clones go on with noise of their own. Do they end in one class (speciation), at one training image
(collapse)? Images are (n, C, H, W) in the network form, float64; t = log(1 + sigma^2) / 2.

Source: Biroli et al. (2024), arXiv 2402.18491, section 3 and appendix on clones. A step is the
ancestral one of Ho et al. (2020), eq. 6 and 7, in Karras et al.'s noise levels: exact for the reverse
process where the posterior of the clean image is a point, and first order in the step elsewhere.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from gaussianity.empirical_score import weights
from gaussianity.ornstein_uhlenbeck import noise_level, time_of_noise

LAST = 0.02  # noise level from which D is the end of a trajectory
COPIED = 1 / 3  # of the distance to the second nearest training image, below which one is a copy


def noise_schedule(times, steps, last=LAST):
    """Falling noise levels with equal ratios, and the branches among them.

    Args:    times - t at which images are cloned, rising; steps - levels beside those of the times,
             from that of the last time on; last - the lowest level.
    Returns: levels, a list of float, and branches, those of the times.
    Raises:  ValueError - the lowest level is above that of a time.
    """
    branches = [float(noise_level(time)) for time in times]
    if branches[0] < last:
        raise ValueError(
            f"times must be at least {time_of_noise(last):.2g}, whose noise level {last:g} is the "
            f"last of a trajectory, found {times[0]:.2g}"
        )
    levels = np.geomspace(branches[-1], last, steps)
    return sorted({*levels.tolist(), *branches}, reverse=True), branches


@torch.no_grad()
def down(denoiser, y, levels, generator):
    """One realisation of the reverse process through all levels, and to the clean image.

    Args:    denoiser - D(y, sigma); y - images at the noise level levels[0]; levels - falling;
             generator - NumPy's.
    Returns: images like y, D at the last level.
    """
    for sigma, lower in zip(levels[:-1], levels[1:], strict=True):
        y = ancestor(y, denoiser(y, sigma), sigma, lower, generator)
    return denoiser(y, levels[-1])


def ancestor(y, clean, sigma, lower, generator):
    """y at the noise level `lower` given y at `sigma` and the clean image: drawn.

    Source:  Ho et al. (2020), eq. 6 and 7 for x_0 + sigma g.
    """
    kept = (lower / sigma) ** 2
    noise = torch.from_numpy(generator.standard_normal(tuple(y.shape))).to(y)
    return clean + kept * (y - clean) + lower * math.sqrt(1 - kept) * noise


@torch.no_grad()
def cloned(denoiser, y, levels, branches, generator):
    """Trajectories down the levels, cloned at every branch.

    Args:    y - n images at levels[0]; levels - see `noise_schedule`; branches - some of them.
    Yields:  of each branch sigma, y there and the ends of two clones, each (n, C, H, W).
    """
    for number, sigma in enumerate(levels):
        if sigma in branches:
            pair = down(denoiser, torch.cat([y, y]), levels[number:], generator)
            yield sigma, y.cpu(), *pair.cpu().chunk(2)
        if number + 1 < len(levels):
            y = ancestor(y, denoiser(y, sigma), sigma, levels[number + 1], generator)


@dataclass(frozen=True)
class TrainingSet:
    """What ends are held against: rows (N, d) in the network form, float64, and classes (N,)."""

    rows: torch.Tensor
    labels: torch.Tensor

    def nearest(self, images, *, others=False):
        """Number of the training image nearest to each image, and whether the image is a copy of
        it: nearer than a third of the distance to the second nearest.

        Args:    images - (n, C, H, W) or (n, d); others - for training images themselves: the
                 nearest other one.
        Returns: int64 (n,), bool (n,).
        Source:  Yoon et al. (2023), "Diffusion probabilistic models generalize when they fail to
                 memorize", for the third.
        """
        distances = torch.cdist(images.flatten(1), self.rows)
        if others:
            distances.fill_diagonal_(math.inf)
        found = distances.topk(2, dim=1, largest=False)
        return found.indices[:, 0], found.values[:, 0] < COPIED * found.values[:, 1]

    def classes(self, images):
        """Class of the nearest training image: int64 (n,)."""
        return self.labels[self.nearest(images)[0]]

    @property
    def accuracy(self):
        """Share of the training images whose nearest other one is of their class."""
        nearest, _ = self.nearest(self.rows, others=True)
        return float((self.labels[nearest] == self.labels).double().mean())


def compared(training_set, y, sigma, first, second):
    """What clones share, and what the training set's exact score would make of y.

    Args:    training_set - TrainingSet; y - n images at noise level sigma; first, second - the ends
             of their clones.
    Returns: dict of columns (n,): time; same_image - both ends have one nearest training image;
             copies - share of the two ends that are copies of theirs; same_copy - both are copies of
             one image; participation and entropy of the posterior weights of the training images
             given y.
    """
    one, one_is_copy = training_set.nearest(first)
    other, other_is_copy = training_set.nearest(second)
    found = weights(y.flatten(1), training_set.rows, sigma)
    same = one == other
    return dict(
        time=np.full(len(y), time_of_noise(sigma)),
        same_image=same.double().numpy(),
        copies=((one_is_copy.double() + other_is_copy.double()) / 2).numpy(),
        same_copy=(same & one_is_copy & other_is_copy).double().numpy(),
        participation=found.participation.numpy(),
        entropy=found.entropy.numpy(),
    )


def clone_table(denoiser, start, training_set, classes, *, branches, levels, generator):
    """The cloning experiment at all branches.

    Args:    start - n images at levels[0]; training_set - TrainingSet; classes - maps images to
             their class (n,); branches, levels - see `noise_schedule`.
    Returns: dict of columns, a row per branch and image: those of `compared`, image, and same_class
             - whether both ends are of one class.
    """
    parts = []
    for sigma, y, first, second in cloned(denoiser, start, levels, branches, generator):
        same = (classes(first) == classes(second)).double().numpy()
        columns = compared(training_set, y, sigma, first, second)
        parts.append(dict(image=np.arange(len(y)), same_class=same) | columns)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

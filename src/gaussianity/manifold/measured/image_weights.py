"""Speciation and collapse of given images under exact scores, without a trajectory.

There are two cases. The score is that of the images themselves, each equally likely, or that of the
Gaussian mixture with the means and covariances of their classes. A clone of y = x_0 + sigma g ends
in class c with the posterior probability P(c | y), and at training image i with the weight w_i.
Images are rows (n, d) in the network form, black -1 and white 1; t = log(1 + sigma^2) / 2.

Source: Biroli et al. (2024), arXiv 2402.18491, sections 3 and 4.
"""

import numpy as np
import torch

from gaussianity.denoisers.empirical_score import noised_weights
from gaussianity.io.images import read_rows
from gaussianity.manifold.process import noise_level
from gaussianity.moments.moments import read_moments
from gaussianity.moments.shrinkage import shrunk


def read_classes(files):
    """Rows (N, d) in the network form and classes (N,) of stored images, tensors.

    Args:    files - a list of paths per class.
    """
    classes = [np.concatenate(list(read_rows(paths))) * 2 - 1 for paths in files]
    labels = np.repeat(np.arange(len(classes)), [len(rows) for rows in classes])
    return torch.from_numpy(np.concatenate(classes)), torch.from_numpy(labels)


def read_normals(files):
    """Means (K, d), covariances (K, d, d) in the network form and counts (K,) of classes.

    Args:    files - a path of moments per class; the covariance is shrunk with the file's
             shrinkage.
    """
    found = [read_moments(path, "count", "mean", "covariance", "shrinkage") for path in files]
    covariances = [shrunk(each["covariance"], float(each["shrinkage"])) for each in found]
    means = np.stack([each["mean"] * 2 - 1 for each in found])
    return means, 4 * np.stack(covariances), np.array([int(each["count"]) for each in found])


def chosen_rows(rows, count, generator):
    """Numbers of the rows that are noised (count,).

    Each row is chosen equally often, up to a difference of one.
    """
    turns = -(-count // len(rows))
    return np.concatenate([generator.permutation(len(rows)) for _ in range(turns)])[:count]


def weight_table(rows, labels, times, *, count, generator):
    """Statistics of the training images' weights at several times, with the same noise at all.

    Args:    rows (N, d), labels (N,) - training images and their classes, tensors; times - (T,);
             count - noisy images n; generator - NumPy's.
    Returns: dict of columns, a row per time and noisy image: time, image, same_class - probability
             that two clones end in one class, same_image - that they end at one training image, and
             entropy of the weights.
    """
    chosen = chosen_rows(rows, count, generator)
    noise = generator.standard_normal((count, rows.shape[1]))
    found = noised_weights(rows, chosen, noise, noise_level(times), labels=labels)
    columns = dict(
        same_class=[one.same_class for one in found],
        same_image=[one.participation for one in found],
        entropy=[one.entropy for one in found],
    )
    measured = {name: torch.cat(parts).numpy() for name, parts in columns.items()}
    return rows_of(times, count) | measured


def mixture_table(mixture, times, *, count, generator):
    """`weight_table` of a Gaussian mixture: same_class alone, from the posterior of the classes.

    Args:    mixture - GaussianDenoiser of the classes, which are drawn in turn.
    """
    rows = mixture.draws(torch.arange(count) % mixture.label_dim, generator)
    noise = torch.from_numpy(generator.standard_normal(rows.shape))
    parts = []
    for time in times:
        sigma = noise_level(time)
        y = (rows + sigma * noise).reshape(-1, *mixture.image_shape)
        parts.append(mixture.class_probabilities(y, sigma).square().sum(dim=1))
    return rows_of(times, count) | dict(same_class=torch.cat(parts).numpy())


def rows_of(times, count):
    """Columns time and image of a table with a row per time and image."""
    return dict(time=np.repeat(times, count), image=np.tile(np.arange(count), len(times)))

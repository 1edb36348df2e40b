"""Scores that compare generated samples with copies of the training data and with fresh samples.

The scores are computed from nearest neighbours. They are 0 for copies and near 1 for fresh samples
of the training data's distribution. Rows are (n, d), float64. Source: Wang et al. (2024), arXiv
2409.02426, equation 21 and figure 5.
"""

import numpy as np

from gaussianity.data.neighbours import nearest_distances
from gaussianity.intervals import share_interval
from gaussianity.sampling.sampler import sample_batches

INTERVAL = ("", "_low", "_high")  # endings of a share's columns
COPIED = 0.05  # share of fresh samples that count as copies, see `novel_share`


def held_out_part(order, held_out):
    """The numbers in `order` of the images that no model is trained on: the first `held_out`."""
    return order[:held_out]


def training_part(order, size, held_out):
    """The numbers in `order` of the next `size` images; a larger part contains the smaller ones."""
    return order[held_out : held_out + size]


def generalisation_score(generated, fresh):
    """GL = D(generated) / D(fresh) with D(X) = sum_i min_{j != i} |x_i - x_j|^2, and its error.

    The error is a standard error. The form of equation 21 is from memory and was not confirmed; it
    agrees with the paper's description. Both sets have n rows, since D depends on n. The score of
    copies of N training rows is near 0 only if n is well above N (see `copies`).

    Args:    generated, fresh - (n, d), samples of the model and of the data's distribution.
    Raises:  ValueError - different numbers of rows.
    """
    if len(generated) != len(fresh):
        raise ValueError(
            f"expected as many generated rows as fresh ones, found {len(generated)} and "
            f"{len(fresh)}"
        )
    return _ratio(nearest_distances(generated) ** 2, nearest_distances(fresh) ** 2)


def copies(training, count, generator):
    """Rows of a model that only copies: `count` training rows, drawn with replacement."""
    return training[generator.integers(len(training), size=count)]


def distance_ratio(generated, training, fresh):
    """Mean distance of generated rows to the nearest training row over that of fresh rows, and its
    standard error."""
    return _ratio(nearest_distances(generated, training), nearest_distances(fresh, training))


def novel_share(generated, training, fresh):
    """Share of generated rows that are no copies, and the ends of its 95 % interval.

    This replaces 1 - P(similarity > threshold) of figure 5, which needs a network. A row is a copy
    if its distance to the training rows is below the quantile COPIED of that of fresh rows. The
    expected score of fresh rows is therefore 1 - COPIED. The interval does not include the error of
    the estimated quantile, whose level has the standard error
    sqrt(COPIED (1 - COPIED) / len(fresh)).
    """
    threshold = np.quantile(nearest_distances(fresh, training), COPIED)
    return share_interval(nearest_distances(generated, training) >= threshold)


def inside(rows, bases):
    """The rows projected onto the nearest of several subspaces: (n, d).

    Args:    rows - (n, d); bases - (K, d, r), orthonormal columns.
    """
    coordinates = rows @ bases  # (K, n, r)
    nearest = (coordinates**2).sum(axis=2).argmax(axis=0)
    parts = coordinates[nearest, np.arange(len(rows))]  # (n, r)
    return np.einsum("ndr,nr->nd", bases[nearest], parts)


def outside_share(rows, bases):
    """Share of the rows' squared length outside the nearest of several subspaces.

    It is 0 for samples of the mixture. Arguments as in `inside`.
    """
    return float(1 - (inside(rows, bases) ** 2).sum() / (rows**2).sum())


def mixture_scores(generated, training, fresh, bases, generator):
    """`scores` of samples of a mixture, with gl_inside and outside_share.

    gl_inside is GL of the samples' parts in the nearest subspace. The parts outside the subspaces
    increase the distances between samples. They increase GL, but not gl_inside. The effect grows
    with the number of samples, since fresh samples are then closer together.

    Args:    bases - see `inside`; the others as in `scores`.
    """
    return (
        scores(generated, training, fresh, generator)
        | labelled(
            "gl_inside", ("", "_error"), generalisation_score(inside(generated, bases), fresh)
        )
        | dict(outside_share=outside_share(generated, bases))
    )


def scores(generated, training, fresh, generator):
    """The three scores with their errors, and GL of a model that only copies.

    Args:    generated, fresh - (n, d); training - (m, d); generator - NumPy generator of copies.
    Returns: dict of gl and distance_ratio, each with a standard error (_error), novel_share with
             the ends of its interval (_low and _high), and gl_copies.
    """
    copied = copies(training, len(generated), generator)
    return (
        labelled("gl", ("", "_error"), generalisation_score(generated, fresh))
        | labelled("distance_ratio", ("", "_error"), distance_ratio(generated, training, fresh))
        | labelled("novel_share", INTERVAL, novel_share(generated, training, fresh))
        | dict(gl_copies=generalisation_score(copied, fresh)[0])
    )


def labelled(name, endings, values):
    """Dict of the values; each key is the name with one of the endings."""
    return {name + ending: value for ending, value in zip(endings, values, strict=True)}


def generated_images(denoiser, count, generator, **settings):
    """Samples of an unconditional denoiser in the network form: (count, C, H, W).

    Args:    generator - NumPy generator of the images' seeds; settings - as in `sample_batches`.
    """
    seeds = generator.integers(2**32, size=count)
    batches = sample_batches(denoiser, seeds, None, **settings)
    return np.concatenate([images.numpy() for _, images, _ in batches])


def _ratio(a, b):
    """mean(a) / mean(b) of independent samples, and its standard error to first order.

    ASSUME: the distances of different rows are independent. Rows that share a neighbour violate
    this.
    """
    ratio = float(a.mean() / b.mean())
    relative = b.var() / (len(b) * b.mean() ** 2)
    return ratio, float(np.sqrt(a.var() / (len(a) * b.mean() ** 2) + ratio**2 * relative))

"""Does a model generate anew, or copies of its training data? Scores from nearest neighbours.

All are 0 for copies and near 1 for fresh samples of the law that the training data come from. Rows
are (n, d), float64. Source: Wang et al. (2024), arXiv 2409.02426, equation 21 and figure 5.
"""

import numpy as np

from gaussianity.data.neighbours import nearest_distances
from gaussianity.intervals import share_interval
from gaussianity.sampling.sampler import sample_batches

INTERVAL = ("", "_low", "_high")  # endings of a share's columns
COPIED = 0.05  # share of fresh samples that lie as near to the training data as a copy may


def held_out_part(order, held_out):
    """The numbers in `order` of the images that no model is trained on: the first of them."""
    return order[:held_out]


def training_part(order, size, held_out):
    """The numbers of the next `size` images; a larger part holds the smaller ones."""
    return order[held_out : held_out + size]


def generalisation_score(generated, fresh):
    """GL = D(generated) / D(fresh), and its standard error.

    The form of equation 21 is from memory and was not confirmed; it agrees with what the paper says
    of it. Both have n rows, since D falls where rows are denser; so copies of N training rows have
    a score near 0 only where n is well above N (see `copies`).

    Args:    generated, fresh - (n, d), of the model and of the data's law.
    Raises:  ValueError - different numbers of rows.
    """
    if len(generated) != len(fresh):
        raise ValueError(
            f"expected as many generated rows as fresh ones, found {len(generated)} and "
            f"{len(fresh)}"
        )
    return _ratio(nearest_distances(generated) ** 2, nearest_distances(fresh) ** 2)


def copies(training, count, generator):
    """Rows of a model that only copies: `count` of the training rows, drawn with replacement."""
    return training[generator.integers(len(training), size=count)]


def distance_ratio(generated, training, fresh):
    """Mean distance to the nearest training row of generated rows over that of fresh ones, and its
    standard error."""
    return _ratio(nearest_distances(generated, training), nearest_distances(fresh, training))


def novel_share(generated, training, fresh):
    """Share of generated rows that are no copies, and the ends of its 95 % interval.

    As 1 - P(similarity > threshold) of figure 5, without a network for copies: a row is one where
    it lies nearer to the training rows than all but COPIED of the fresh rows do, so that a fresh
    row's score is 1 - COPIED. The interval leaves out the error of the threshold, above which lie
    1 - COPIED of all fresh rows up to sqrt(COPIED (1 - COPIED) / len(fresh)).
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
    """Share of the rows' squared length outside the nearest of several subspaces: 0 for samples of
    their mixture.

    Args:    as `inside` takes them.
    """
    return float(1 - (inside(rows, bases) ** 2).sum() / (rows**2).sum())


def mixture_scores(generated, training, fresh, bases, generator):
    """`scores` of samples of a mixture, gl_inside of their parts in its subspaces, outside_share.

    What is outside keeps samples apart, and the more so beside the distances of fresh ones the more
    samples there are: GL counts it as new, gl_inside does not.

    Args:    bases - see `inside`; the others as `scores` takes them.
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
    Returns: dict of gl and distance_ratio, each with _error, novel_share with the ends _low and
             _high of its interval, and gl_copies.
    """
    copied = copies(training, len(generated), generator)
    return (
        labelled("gl", ("", "_error"), generalisation_score(generated, fresh))
        | labelled("distance_ratio", ("", "_error"), distance_ratio(generated, training, fresh))
        | labelled("novel_share", INTERVAL, novel_share(generated, training, fresh))
        | dict(gl_copies=generalisation_score(copied, fresh)[0])
    )


def labelled(name, endings, values):
    """The values by a name and their endings."""
    return {name + ending: value for ending, value in zip(endings, values, strict=True)}


def generated_images(denoiser, count, generator, **settings):
    """Images of an unconditional denoiser by the sampler, in the network form: (count, C, H, W).

    Args:    generator - NumPy generator of the images' seeds; settings - as `sample_batches` takes.
    """
    seeds = generator.integers(2**32, size=count)
    batches = sample_batches(denoiser, seeds, None, **settings)
    return np.concatenate([images.numpy() for _, images, _ in batches])


def _ratio(a, b):
    """mean(a) / mean(b) of independent samples, and its standard error to first order.

    ASSUME: the distances of different rows are independent; those that share a neighbour are not.
    """
    ratio = float(a.mean() / b.mean())
    relative = b.var() / (len(b) * b.mean() ** 2)
    return ratio, float(np.sqrt(a.var() / (len(a) * b.mean() ** 2) + ratio**2 * relative))

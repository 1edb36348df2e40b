"""Clipped Gaussian data of a class: what clipping alone does, and what is left of the class."""

from dataclasses import replace

import numpy as np

from gaussianity.distribution.clipping.clipping import clipped_gaussian
from gaussianity.distribution.haar import whitened
from gaussianity.distribution.measured_scores import measured
from gaussianity.distribution.network.network_accuracy import network_accuracy

CHUNK = 2048  # images that are drawn at a time
POOL = 10  # clipped images per image, which the network tells the images from


def clipped_measures(principal, moments, null, generators, level):
    """Measures of clipped Gaussian data along the images' directions.

    Args:    principal - PrincipalScores of the images; moments - Moments of the images; null - Null
             of their number; generators - Generators; level - of the marked directions.
    Returns: dict, the row clipped; dict of columns of its directions; dict beyond, beyond_low and
             beyond_high of the images.
    """
    n = len(principal.scores)
    covariance = moments.scatter / moments.count  # of the images, as their variances are
    clipped = clipped_gaussian(moments.mean, covariance, principal.step)
    drawn = along_directions(clipped, n, principal, generators.clipped)
    row, directions = measured("clipped", drawn, null, level)
    accuracy = network_accuracy(drawn.scores, generators.network)
    pool = along_directions(clipped, POOL * n, principal, generators.clipped).scores
    beyond = network_accuracy(principal.scores, generators.network, pool)
    row |= dict(
        # The directions are the images', and the clipped images are no null hypothesis of a class.
        p_value=np.nan,
        covariance_error=clipped.covariance_error,
        **accuracy_columns("accuracy", accuracy),
    )
    return row, directions, accuracy_columns("beyond", beyond)


def accuracy_columns(name, accuracy):
    """Value and ends of a NetworkAccuracy under one name."""
    return {name: accuracy.value, f"{name}_low": accuracy.low, f"{name}_high": accuracy.high}


def along_directions(clipped, count, principal, generator):
    """PrincipalScores of clipped Gaussian data on the directions of the images.

    The scores are whitened by the symmetric root, which keeps the directions. The images that are
    drawn are projected a chunk at a time.

    Args:    clipped - ClippedGaussian; count - number of images; principal - of the images.
    """
    projected, squares = [], 0.0
    total = np.zeros(len(principal.mean))
    for start in range(0, count, CHUNK):
        rows = clipped.samples(min(CHUNK, count - start), generator) - principal.mean
        projected.append(rows @ principal.directions.T)
        squares += np.einsum("ij,ij->", rows, rows)
        total += rows.sum(axis=0)
    projected = np.concatenate(projected)
    shift = total / count
    return replace(
        principal,
        scores=whitened(projected),
        variances=projected.var(axis=0),
        total=squares / count - shift @ shift,
        mean=principal.mean + shift,
        repeated=0,
    )

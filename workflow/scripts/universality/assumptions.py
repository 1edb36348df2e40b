"""Measure the assumptions of the universality theorem on the images of a subset and an origin."""

import functools

import numpy as np

from gaussianity.errors import InputError
from gaussianity.io.files import write_table
from gaussianity.io.images import read_chosen_rows
from gaussianity.streams import stream
from gaussianity.universality.assumptions.assumptions import averaged, table
from gaussianity.universality.assumptions.subset_measures import Settings, measure_subset


def read(paths, count, image_shape):
    return read_chosen_rows(paths, np.arange(count)).reshape(count, *image_shape)


def main(
    *,
    shard_paths,
    assumptions_path,
    subset,
    origin,
    images_per_class,
    image_shape,
    settings,
    rule,
    streams,
):
    """shard_paths - dict of class to paths; settings - see Settings; rule - fit_ranks, confidence,
    tolerance; streams - study seed, and the indices of the origin, the subset and the classes."""
    seed, origin_index, subset_index, class_indices = streams
    readers = {
        image_class: functools.partial(read, paths, images_per_class, image_shape)
        for image_class, paths in shard_paths.items()
    }
    try:
        parts, mixture = measure_subset(
            readers,
            [stream(seed, "assumptions", origin_index, k) for k in class_indices],
            stream(seed, "mixture_rows", origin_index, subset_index),
            Settings(**settings),
        )
    except InputError:
        raise
    except ValueError as error:
        raise InputError(
            f"{next(iter(shard_paths.values()))[0]} and the other images of {origin}: {error}"
        ) from None
    try:
        measures = averaged(parts, rule["fit_ranks"]) | mixture
        columns = table(measures, confidence=rule["confidence"], tolerance=rule["tolerance"])
    except ValueError as error:
        raise InputError(
            f"config: assumptions, spectra.fit_ranks: {error} in {subset} of {origin}; take more "
            "images per class, larger ones or wider ranks"
        ) from None
    write_table(assumptions_path, columns, subset=subset, origin=origin)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.params.shards,
            assumptions_path=snakemake.output.assumptions,
            subset=snakemake.wildcards.subset,
            origin=snakemake.wildcards.origin,
            images_per_class=snakemake.params.images_per_class,
            image_shape=snakemake.params.image_shape,
            settings=snakemake.params.settings,
            rule=snakemake.params.rule,
            streams=snakemake.params.streams,
        )

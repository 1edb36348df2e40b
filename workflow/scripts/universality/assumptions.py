"""The assumptions of the universality theorem, measured on a subset's images of one origin."""

import functools

import numpy as np

from gaussianity.errors import InputError
from gaussianity.io.files import write_table
from gaussianity.io.images import read_chosen_rows
from gaussianity.streams import stream
from gaussianity.universality.assumptions import averaged, table
from gaussianity.universality.subset_measures import Settings, measure_subset


def read(files, count, image_shape):
    return read_chosen_rows(files, np.arange(count)).reshape(count, *image_shape)


def main(*, shards, assumptions, subset, origin, classes, images, settings, rule, streams):
    """classes - names; images - number per class and their shape; settings - see Settings; rule -
    fit_ranks, confidence, tolerance; streams - study seed, origin, subset, classes as numbers."""
    seed, of_origin, number, of_classes = streams
    files = np.array(shards).reshape(len(classes), -1).tolist()
    readers = [functools.partial(read, of_class, *images) for of_class in files]
    try:
        parts, mixture = measure_subset(
            dict(zip(classes, readers, strict=True)),
            [stream(seed, "assumptions", of_origin, k) for k in of_classes],
            stream(seed, "mixture_rows", of_origin, number),
            Settings(**settings),
        )
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{shards[0]} and the other images of {origin}: {error}") from None
    try:
        measures = averaged(parts, rule["fit_ranks"]) | mixture
        columns = table(measures, confidence=rule["confidence"], tolerance=rule["tolerance"])
    except ValueError as error:
        raise InputError(
            f"config: assumptions, spectra.fit_ranks: {error} in {subset} of {origin}; take more "
            "images per class, larger ones or wider ranks"
        ) from None
    write_table(assumptions, columns, subset=subset, origin=origin)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            shards=snakemake.input.shards,
            assumptions=snakemake.output.assumptions,
            subset=snakemake.wildcards.subset,
            origin=snakemake.wildcards.origin,
            classes=snakemake.params.classes,
            images=snakemake.params.images,
            settings=snakemake.params.settings,
            rule=snakemake.params.rule,
            streams=snakemake.params.streams,
        )

"""Test whether the images of a class of a source are normal, and measure how far they are."""

from gaussianity.distribution.class_normality import Generators, Settings, class_normality
from gaussianity.distribution.null import nulls_from
from gaussianity.distribution.pictures.stored_pictures import storable
from gaussianity.errors import InputError
from gaussianity.io.files import read_artifact, write_npz, write_table
from gaussianity.io.images import read_rows

ROWS = 512  # rows in memory at a time


def main(
    *, shard_paths, gaussian_paths, null_path, table_paths, source, image_class, settings, streams
):
    """table_paths - of normality, directions, power and pictures; settings - see Settings; streams
    - study seed, and the indices of the source and the class."""
    try:
        found = class_normality(
            lambda: read_rows(shard_paths, at_most=ROWS),
            lambda: read_rows(gaussian_paths, at_most=ROWS),
            nulls_from(read_artifact(null_path)),
            Generators.of(*streams),
            Settings(**settings),
        )
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{', '.join(shard_paths)}: {error}") from None
    labels = dict(source=source, image_class=image_class)
    write_table(table_paths["normality"], found.rows, **labels)
    write_table(table_paths["directions"], found.directions, **labels)
    write_table(table_paths["power"], found.power, **labels)
    write_npz(table_paths["pictures"], **storable(found.pictures))


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.input.shards,
            gaussian_paths=snakemake.input.gaussian,
            null_path=snakemake.input.null,
            table_paths={
                name: snakemake.output[name]
                for name in ("normality", "directions", "power", "pictures")
            },
            source=snakemake.wildcards.source,
            image_class=snakemake.params.image_class,
            settings=snakemake.params.settings,
            streams=snakemake.params.streams,
        )

"""Gram eigenvalues of the balanced mixture of a subset's classes."""

import numpy as np

from gaussianity.io.files import write_table
from gaussianity.io.images import read_chosen_rows
from gaussianity.moments.spectra import gram_eigenvalues


def main(*, shard_paths, gram_path, subset, origin, shards_per_class, images_per_class):
    chosen = np.arange(images_per_class)
    starts = range(0, len(shard_paths), shards_per_class)
    parts = [read_chosen_rows(shard_paths[i : i + shards_per_class], chosen) for i in starts]
    values = gram_eigenvalues(np.concatenate(parts))
    columns = dict(rank=np.arange(1, len(values) + 1), eigenvalue=values)
    write_table(gram_path, columns, subset=subset, origin=origin)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.input.shards,
            gram_path=snakemake.output.gram,
            subset=snakemake.wildcards.subset,
            origin=snakemake.wildcards.origin,
            shards_per_class=snakemake.params.shards_per_class,
            images_per_class=snakemake.params.images_per_class,
        )

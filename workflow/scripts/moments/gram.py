"""Gram eigenvalues of the balanced mixture of a subset's classes."""

import numpy as np

from gaussianity.io.files import write_table
from gaussianity.io.images import read_chosen_rows
from gaussianity.moments.spectra import gram_eigenvalues


def main(*, shard_paths, gram_path, subset, origin, images_per_class):
    """shard_paths - lists by class."""
    chosen = np.arange(images_per_class)
    parts = [read_chosen_rows(paths, chosen) for paths in shard_paths.values()]
    values = gram_eigenvalues(np.concatenate(parts))
    columns = dict(rank=np.arange(1, len(values) + 1), eigenvalue=values)
    write_table(gram_path, columns, subset=subset, origin=origin)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.params.shards,
            gram_path=snakemake.output.gram,
            subset=snakemake.wildcards.subset,
            origin=snakemake.wildcards.origin,
            images_per_class=snakemake.params.images_per_class,
        )

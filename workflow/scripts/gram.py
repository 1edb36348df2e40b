"""Gram eigenvalues of the balanced mixture of a subset's classes."""

import numpy as np

from gaussianity.files import write_table
from gaussianity.images import read_class_rows
from gaussianity.spectra import gram_eigenvalues


def main(*, shards, gram, subset, origin, shards_per_class, images_per_class):
    classes = read_class_rows(shards, shards_per_class)
    values = gram_eigenvalues(np.concatenate([rows[:images_per_class] for rows in classes]))
    columns = dict(rank=np.arange(1, len(values) + 1), eigenvalue=values)
    write_table(gram, columns, subset=subset, origin=origin)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            shards=snakemake.input.shards,
            gram=snakemake.output.gram,
            subset=snakemake.wildcards.subset,
            origin=snakemake.wildcards.origin,
            shards_per_class=snakemake.params.shards_per_class,
            images_per_class=snakemake.params.images_per_class,
        )

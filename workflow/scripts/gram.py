"""Gram eigenvalues of the balanced mixture of a subset's classes."""

import numpy as np

from gaussianity.files import write_table
from gaussianity.images import read_class_rows
from gaussianity.spectra import gram_eigenvalues


def main(*, shards, gram, shards_per_class, images_per_class):
    classes = read_class_rows(shards, shards_per_class)
    values = gram_eigenvalues(np.concatenate([rows[:images_per_class] for rows in classes]))
    write_table(gram, dict(rank=np.arange(1, len(values) + 1), eigenvalue=values))


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            shards=snakemake.input.shards,
            gram=snakemake.output.gram,
            shards_per_class=snakemake.params.shards_per_class,
            images_per_class=snakemake.params.images_per_class,
        )

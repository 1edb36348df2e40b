"""Speciation and collapse times of every case, with the theory's times."""

import numpy as np

from gaussianity.io.files import read_tables, write_table
from gaussianity.manifold.measured.cases import transition_times


def main(*, speciation_paths, collapse_paths, table_path):
    found = transition_times(read_tables(speciation_paths), read_tables(collapse_paths))
    write_table(table_path, {name: np.array(found[name].tolist()) for name in found})


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            speciation_paths=snakemake.input.speciations,
            collapse_paths=snakemake.input.collapses,
            table_path=snakemake.output.table,
        )

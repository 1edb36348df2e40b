"""When each case speciates and collapses, with the theory beside it."""

import numpy as np

from gaussianity.io.files import read_tables, write_table
from gaussianity.manifold.measured.cases import transition_times


def main(*, speciations, collapses, table):
    found = transition_times(read_tables(speciations), read_tables(collapses))
    write_table(table, {name: np.array(found[name].tolist()) for name in found})


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            speciations=snakemake.input.speciations,
            collapses=snakemake.input.collapses,
            table=snakemake.output.table,
        )

"""Distances of learnt from true subspaces: one algorithm and number of components."""

from gaussianity.io.files import write_table
from gaussianity.molrg.phase_transition import Design, measure_distances


def main(*, table_path, method, components, noises, design, study_seed):
    columns = measure_distances(method, components, noises, Design(**design), study_seed)
    write_table(table_path, columns, method=method, components=components)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            table_path=snakemake.output.table,
            method=snakemake.wildcards.method,
            components=int(snakemake.wildcards.components),
            noises=snakemake.params.noises,
            design=snakemake.params.design,
            study_seed=snakemake.params.study_seed,
        )

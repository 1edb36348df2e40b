"""Distances of learnt from true subspaces: one algorithm, number of components and noise."""

from gaussianity.files import write_table
from gaussianity.phase_transition import Design, learnt


def main(*, table, method, components, noise, design, study_seed):
    columns = learnt(method, components, noise, Design(**design), study_seed)
    write_table(table, columns, method=method, components=components, noise=noise)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            table=snakemake.output.table,
            method=snakemake.wildcards.method,
            components=int(snakemake.wildcards.components),
            noise=snakemake.params.noise,
            design=snakemake.params.design,
            study_seed=snakemake.params.study_seed,
        )

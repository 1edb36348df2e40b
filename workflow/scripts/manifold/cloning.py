"""Clones with the exact score of a training set, and the curves that theory expects for them."""

import torch

from gaussianity.errors import prefixed
from gaussianity.io.files import write_table
from gaussianity.manifold.measured.cases import Design, case_columns, measure_clones


def main(*, clones_path, curve_path, case, forks, design, pairs, steps, span, study_seed):
    design = Design(seeds=1, **design, study_seed=study_seed)
    run = dict(pairs=pairs, steps=steps, span=span)
    with prefixed("manifold.cloning: "):
        measured, expected = measure_clones(case | dict(forks=forks), design, **run)
    write_table(clones_path, measured, **case_columns(case))
    write_table(curve_path, expected, **case_columns(case))


if __name__ == "__main__":
    from job import logged

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            clones_path=snakemake.output.clones,
            curve_path=snakemake.output.curve,
            case=snakemake.params.case,
            forks=snakemake.params.forks,
            design=snakemake.params.design,
            pairs=snakemake.params.pairs,
            steps=snakemake.params.steps,
            span=snakemake.params.span,
            study_seed=snakemake.params.study_seed,
        )

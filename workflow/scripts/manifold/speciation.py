"""Measure the speciation of data on a manifold on the training sets of one case."""

import torch

from gaussianity.errors import prefixed
from gaussianity.manifold.measured.cases import Design, measure_speciation, write_case


def main(*, table_path, case, design, study_seed):
    with prefixed("manifold.speciation: "):
        columns = measure_speciation(case, Design(**design, study_seed=study_seed))
    write_case(table_path, case, columns)


if __name__ == "__main__":
    from job import logged

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            table_path=snakemake.output.table,
            case=snakemake.params.case,
            design=snakemake.params.design,
            study_seed=snakemake.params.study_seed,
        )

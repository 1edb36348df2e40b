"""Measure the speciation of data on a manifold in training sets of one case."""

import torch

from gaussianity.io.files import require_finite, write_table
from gaussianity.manifold.measured.cases import Design, case_columns, measure_speciation


def main(*, table, case, design, study_seed):
    columns = measure_speciation(case, Design(**design, study_seed=study_seed))
    for name in ("time", "true", "participation", "entropy", "same_class"):
        require_finite(table, name, columns[name])
    write_table(table, columns, **case_columns(case))


if __name__ == "__main__":
    from job import logged

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            table=snakemake.output.table,
            case=snakemake.params.case,
            design=snakemake.params.design,
            study_seed=snakemake.params.study_seed,
        )

"""Compare estimates of the accuracy on Gaussian data from few images with the true one."""

from gaussianity.io.files import write_table
from gaussianity.universality.controls.estimation_gap import gap_curve


def main(*, table_path, fit_sizes, repetitions, study_seed):
    write_table(table_path, gap_curve(fit_sizes, repetitions, study_seed=study_seed))


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            table_path=snakemake.output.table,
            fit_sizes=snakemake.params.fit_sizes,
            repetitions=snakemake.params.repetitions,
            study_seed=snakemake.params.study_seed,
        )

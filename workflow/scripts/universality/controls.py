"""Repeat the procedure of the verdict on synthetic images whose true excess is known."""

from gaussianity.io.files import write_table
from gaussianity.universality.controls.controls import CONTROLS, repetitions


def main(*, table_paths, count, study_seed):
    for control in CONTROLS:
        found = repetitions(control, count, study_seed=study_seed)
        write_table(table_paths[control], found, control=control)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            table_paths=dict(snakemake.output.items()),
            count=snakemake.params.repetitions,
            study_seed=snakemake.params.study_seed,
        )

"""Synthetic cases whose truth is known, through the procedure of the verdict."""

from gaussianity.io.files import write_table
from gaussianity.universality.controls import CONTROLS, MARGIN, repetitions


def main(*, tables, count, study_seed):
    for control, (_, expected) in CONTROLS.items():
        found = repetitions(control, count, study_seed=study_seed)
        write_table(tables[control], found, control=control, expected=expected, margin=MARGIN)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            tables=dict(snakemake.output.items()),
            count=snakemake.params.repetitions,
            study_seed=snakemake.params.study_seed,
        )

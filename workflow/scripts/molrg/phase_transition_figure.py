"""Figure of the phase transition, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.molrg.figures import phase_transition


def main(*, tables, threshold, files):
    summary = phase_transition.table(read_tables(tables), threshold)
    style.save(phase_transition.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            tables=snakemake.input.tables,
            threshold=snakemake.params.threshold,
            files=figure_outputs(snakemake.output),
        )

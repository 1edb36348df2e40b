"""Figure of the phase transition, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.molrg.figures import phase_transition
from gaussianity.molrg.success_rates import success_rates


def main(*, table_paths, threshold, figure_paths):
    summary = success_rates(read_tables(table_paths), threshold)
    style.save(phase_transition.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            table_paths=snakemake.input.tables,
            threshold=snakemake.params.threshold,
            figure_paths=figure_outputs(snakemake),
        )

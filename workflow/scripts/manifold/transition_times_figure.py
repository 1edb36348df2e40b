"""Figure of speciation and collapse times, in theory and measured, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.manifold.figures import transition_times


def main(*, theory_paths, measured_path, figure_paths):
    summary = transition_times.table(read_tables(theory_paths), read_tables([measured_path]))
    style.save(transition_times.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            theory_paths=snakemake.input.theories,
            measured_path=snakemake.input.measured,
            figure_paths=figure_outputs(snakemake),
        )

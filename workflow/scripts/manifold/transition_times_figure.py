"""Figure of speciation and collapse times, theory over measurement, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.manifold.figures import transition_times


def main(*, theories, measured, files):
    summary = transition_times.table(read_tables(theories), read_tables([measured]))
    style.save(transition_times.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            theories=snakemake.input.theories,
            measured=snakemake.input.measured,
            files=figure_outputs(snakemake.output),
        )

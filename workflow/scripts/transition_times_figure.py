"""Figure of speciation and collapse times, theory over measurement, with its table."""

from gaussianity.figures import style, transition_times
from gaussianity.files import read_tables


def main(*, theories, files):
    summary = transition_times.table(read_tables(theories))
    style.save(transition_times.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(theories=snakemake.input.theories, files=figure_outputs(snakemake.output))

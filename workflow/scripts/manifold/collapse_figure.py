"""Figure of the collapse on training points, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.manifold.figures import collapse


def main(*, collapses, files):
    summary = collapse.table(read_tables(collapses))
    style.save(collapse.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            collapses=snakemake.input.collapses,
            files=figure_outputs(snakemake.output),
        )

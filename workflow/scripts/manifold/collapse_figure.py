"""Figure of the collapse on training points, with its table."""

from gaussianity.figures import collapse, style
from gaussianity.files import read_tables


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

"""Figure of the collapse on training points, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.manifold.figures import collapse
from gaussianity.manifold.measured.collapse_times import collapse_table


def main(*, collapse_paths, figure_paths):
    summary = collapse_table(read_tables(collapse_paths))
    style.save(collapse.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            collapse_paths=snakemake.input.collapses,
            figure_paths=figure_outputs(snakemake),
        )

"""Draw the figure "normality_directions" and write its table."""

from gaussianity.distribution.figures import normality_directions
from gaussianity.drawing import style
from gaussianity.io.files import read_tables


def main(*, directions_paths, figure_paths):
    table = read_tables(directions_paths)
    style.save(normality_directions.draw(table), table, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            directions_paths=snakemake.input.directions,
            figure_paths=figure_outputs(snakemake),
        )

"""Figure of how much of the images their twins explain, by direction and class, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.linear.figures import linear_directions
from gaussianity.linear.twin_summary import twin_summary


def main(*, directions_path, twins_path, figure_paths):
    along = linear_directions.table(read_tables([directions_path]))
    figure = linear_directions.draw(along, twin_summary(read_tables([twins_path])))
    style.save(figure, along, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            directions_path=snakemake.input.directions,
            twins_path=snakemake.input.twins,
            figure_paths=figure_outputs(snakemake),
        )

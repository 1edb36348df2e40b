"""Figure of the rows of the fitted and of the Wiener filter, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_artifact, read_tables
from gaussianity.linear.figures import linear_locality
from gaussianity.linear.filter_summary import filter_table
from gaussianity.linear.split_summary import reasons

NAMES = ("pixels", "sigmas", "classes", "fitted", "wiener")


def main(*, filters_path, split_path, image_shape, figure_paths):
    filters = read_artifact(filters_path, *NAMES)
    table = filter_table(filters, image_shape)
    figure = linear_locality.draw(table, filters, image_shape, reasons(read_tables([split_path])))
    style.save(figure, table, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            filters_path=snakemake.input.filters,
            split_path=snakemake.input.split,
            image_shape=tuple(snakemake.params.image_shape),
            figure_paths=figure_outputs(snakemake),
        )

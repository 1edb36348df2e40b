"""Figure of what a start in closed form moves and saves, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.linear.figures import linear_start
from gaussianity.linear.start_summary import level_means, start_summary, start_table


def main(*, images_path, levels_path, figure_paths):
    levels = level_means(read_tables([levels_path]))
    table = start_table(start_summary(read_tables([images_path])), levels)
    style.save(linear_start.draw(table), table, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            images_path=snakemake.input.images,
            levels_path=snakemake.input.levels,
            figure_paths=figure_outputs(snakemake),
        )

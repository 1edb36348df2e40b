"""Draw the figure "controls" and write its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.controls.control_summary import summary
from gaussianity.universality.figures import controls


def main(*, table_paths, gaps_path, figure_paths):
    shown = summary(read_tables(table_paths), read_tables([gaps_path]))
    style.save(controls.draw(shown), shown, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            table_paths=snakemake.input.tables,
            gaps_path=snakemake.input.gaps,
            figure_paths=figure_outputs(snakemake),
        )

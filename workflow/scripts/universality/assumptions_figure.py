"""Draw the figure "assumptions" and write its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.figures import assumptions


def main(*, measured_paths, shown, figure_paths):
    """shown - the subset that is drawn; the table has all."""
    summary = assumptions.table(read_tables(measured_paths))
    style.save(assumptions.draw(summary[summary["subset"] == shown]), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            measured_paths=snakemake.input.measured,
            shown=snakemake.params.shown,
            figure_paths=figure_outputs(snakemake),
        )

"""Draw the figure "assumptions" and write its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.figures import assumptions


def main(*, table_paths, shown, files):
    """shown - the subset that is drawn; the table has all subsets."""
    summary = assumptions.table(read_tables(table_paths))
    style.save(assumptions.draw(summary[summary["subset"] == shown]), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            table_paths=snakemake.input.measured,
            shown=snakemake.params.shown,
            files=figure_outputs(snakemake.output),
        )

"""Figure of the synthetic controls, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.control_summary import summary
from gaussianity.universality.figures import controls


def main(*, tables, gaps, files):
    verdicts, accuracies = read_tables(tables), read_tables([gaps])
    shown = summary(verdicts, accuracies)
    style.save(controls.draw(shown, verdicts["margin"].iloc[0]), shown, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            tables=snakemake.input.tables,
            gaps=snakemake.input.gaps,
            files=figure_outputs(snakemake.output),
        )

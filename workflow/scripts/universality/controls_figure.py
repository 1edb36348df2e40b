"""Draw the figure "controls" and write its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.control_summary import summary
from gaussianity.universality.figures import controls


def main(*, control_paths, gap_path, files):
    verdicts, accuracies = read_tables(control_paths), read_tables([gap_path])
    shown = summary(verdicts, accuracies)
    style.save(controls.draw(shown, verdicts["margin"].iloc[0]), shown, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            control_paths=snakemake.input.tables,
            gap_path=snakemake.input.gaps,
            files=figure_outputs(snakemake.output),
        )

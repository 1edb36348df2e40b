"""Figure of test accuracy against training size, with its table."""

from gaussianity.classifiers.figures import accuracy
from gaussianity.classifiers.measured_accuracy import over_seeds
from gaussianity.drawing import style
from gaussianity.io.files import read_tables


def main(*, scores, files):
    summary = over_seeds(read_tables(scores))
    style.save(accuracy.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            scores=snakemake.input.scores,
            files=figure_outputs(snakemake.output),
        )

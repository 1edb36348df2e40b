"""Draw the figure "accuracy" and write its table."""

from gaussianity.classifiers.figures import accuracy
from gaussianity.classifiers.measured_accuracy import over_seeds
from gaussianity.drawing import style
from gaussianity.io.files import read_tables


def main(*, score_paths, figure_paths):
    summary = over_seeds(read_tables(score_paths))
    style.save(accuracy.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            score_paths=snakemake.input.scores,
            figure_paths=figure_outputs(snakemake),
        )

"""Draw the figure "predicted_accuracy" and write its table."""

from gaussianity.classifiers.figures import predicted_accuracy
from gaussianity.classifiers.measured_accuracy import against_prediction
from gaussianity.drawing import style
from gaussianity.io.files import read_tables


def main(*, score_paths, prediction_paths, figure_paths):
    summary = against_prediction(read_tables(score_paths), read_tables(prediction_paths))
    style.save(predicted_accuracy.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            score_paths=snakemake.input.scores,
            prediction_paths=snakemake.input.predictions,
            figure_paths=figure_outputs(snakemake),
        )

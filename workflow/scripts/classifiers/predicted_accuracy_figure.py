"""Figure of the accuracy of least squares, predicted and measured, with its table."""

from gaussianity.classifiers.figures import predicted_accuracy
from gaussianity.classifiers.measured_accuracy import against_prediction
from gaussianity.drawing import style
from gaussianity.io.files import read_tables


def main(*, scores, predictions, files):
    summary = against_prediction(read_tables(scores), read_tables(predictions))
    style.save(predicted_accuracy.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            scores=snakemake.input.scores,
            predictions=snakemake.input.predictions,
            files=figure_outputs(snakemake.output),
        )

"""Accuracy of least squares on a subset, predicted from the moments of its classes."""

from gaussianity.classifiers.predicted_accuracy import predicted_accuracies
from gaussianity.classifiers.second_moments import second_moments
from gaussianity.errors import InputError
from gaussianity.io.files import write_table
from gaussianity.moments.moments import read_moments
from gaussianity.moments.shrinkage import shrunk


def main(*, moments, prediction, train_sizes, ridge, labels):
    heads = [read_moments(path, "count", "mean", "shrinkage") for path in moments]
    d = len(heads[0]["mean"])
    for path, head in zip(moments, heads, strict=True):
        if len(head["mean"]) != d:
            raise InputError(
                f"{path}: expected moments of {d} pixels as {moments[0]} has, found those of "
                f"{len(head['mean'])}"
            )

    def read(k):
        covariance = read_moments(moments[k], "covariance")["covariance"]
        return heads[k]["mean"], shrunk(covariance, float(heads[k]["shrinkage"]))

    images = sum(int(head["count"]) for head in heads)
    has_all_directions = any(head["shrinkage"] > 0 for head in heads)
    classes = second_moments(read, len(moments), d if has_all_directions else images)
    columns = dict(
        train_size=train_sizes,
        predicted_accuracy=predicted_accuracies(classes, train_sizes, ridge),
        directions=[classes.directions] * len(train_sizes),
        rows_per_direction=[len(moments) * n / classes.directions for n in train_sizes],
    )
    write_table(prediction, columns, **labels)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            moments=snakemake.input.moments,
            prediction=snakemake.output.prediction,
            train_sizes=snakemake.params.train_sizes,
            ridge=snakemake.params.ridge,
            labels=dict(subset=snakemake.wildcards.subset, source=snakemake.wildcards.source),
        )

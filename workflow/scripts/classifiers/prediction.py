"""Predict the accuracy of least squares on a subset from the moments of its classes."""

from gaussianity.classifiers.predicted_accuracy import predicted_accuracies
from gaussianity.classifiers.second_moments import second_moments
from gaussianity.errors import InputError
from gaussianity.io.files import write_table
from gaussianity.moments.moments import read_moments
from gaussianity.moments.shrinkage import shrunk


def main(*, moments_paths, prediction_path, train_sizes, ridge, labels):
    heads = [read_moments(path, "count", "mean", "shrinkage") for path in moments_paths]
    d = len(heads[0]["mean"])
    for path, head in zip(moments_paths, heads, strict=True):
        if len(head["mean"]) != d:
            raise InputError(
                f"{path}: expected moments of {d} pixels as {moments_paths[0]} has, found those of "
                f"{len(head['mean'])}"
            )

    def read(k):
        covariance = read_moments(moments_paths[k], "covariance")["covariance"]
        return heads[k]["mean"], shrunk(covariance, float(heads[k]["shrinkage"]))

    images = sum(int(head["count"]) for head in heads)
    has_all_directions = any(head["shrinkage"] > 0 for head in heads)
    classes = second_moments(read, len(heads), d if has_all_directions else images)
    columns = dict(
        train_size=train_sizes,
        predicted_accuracy=predicted_accuracies(classes, train_sizes, ridge),
        directions=[classes.directions] * len(train_sizes),
        rows_per_direction=[len(heads) * n / classes.directions for n in train_sizes],
    )
    write_table(prediction_path, columns, **labels)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            moments_paths=snakemake.input.moments,
            prediction_path=snakemake.output.prediction,
            train_sizes=snakemake.params.train_sizes,
            ridge=snakemake.params.ridge,
            labels=dict(subset=snakemake.wildcards.subset, source=snakemake.wildcards.source),
        )

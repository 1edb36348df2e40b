"""Train the classifiers of all losses and training sizes on a subset of an origin."""

import numpy as np

from gaussianity.classifiers.exact_accuracy import fitted_accuracies
from gaussianity.classifiers.least_squares import least_squares_classifiers
from gaussianity.classifiers.sgd import SGD, Problem, sgd_classifiers
from gaussianity.classifiers.splits import split_classes
from gaussianity.errors import prefixed
from gaussianity.io.columns import from_rows
from gaussianity.io.files import write_table
from gaussianity.io.images import read_chosen_rows, read_rows
from gaussianity.moments.moments import read_moments

ROWS = 2048  # rows of a class in memory at a time
OF_SGD = ("learning_rates", "epochs", "batch_size", "patience", "selection")


def main(
    *,
    shard_paths,
    fitted_paths,
    moments_paths,
    scores_path,
    classes,
    sizes,
    settings,
    study_seed,
    seed,
    labels,
    device,
):
    """fitted_paths - images to which the Gaussian data were fitted, by class, none for a source;
    moments_paths - moments with a shrinkage, none for a sample covariance; classes - indices."""
    per_class, pools = sizes["images_per_class"], sizes["pools"]
    split = split_classes(
        classes,
        per_class,
        train_sizes=sizes["train_sizes"],
        validation_size=sizes["validation_size"],
        test_size=sizes["test_size"],
        study_seed=study_seed,
        seed=seed,
        pools=pools,
    )
    used, split = split.compact()
    rows = read_chosen_rows(shard_paths, used, np.float32)
    one_hot = np.eye(len(classes), dtype=np.float32)[used // per_class]
    found = []
    for loss in settings["losses"]:
        print(f"loss: {loss}")
        if loss == "least_squares":
            trained = least_squares_classifiers(rows, one_hot, split, ridge=settings["ridge"])
        else:
            given = on_device(rows, device), on_device(one_hot, device)
            problem = Problem(*given, split, loss, settings["hidden"])
            sgd = SGD(**{key: settings[key] for key in OF_SGD})
            with prefixed("config: classifier."):
                trained = sgd_classifiers(problem, sgd, study_seed=study_seed, seed=seed)
        found += [dict(loss=loss, **row) for row in trained]
    parameters = [row.pop("parameters") for row in found]
    columns = from_rows(found)
    shrinkages = [float(read_moments(path, "shrinkage")["shrinkage"]) for path in moments_paths]
    columns["exact_accuracy"] = exact_accuracies(parameters, fitted_paths, shrinkages)
    write_table(scores_path, columns, pool=seed % pools, **labels)


def exact_accuracies(parameters, fitted_paths, shrinkages):
    """Accuracy of linear classifiers under the mixture from which Gaussian data were drawn.

    The mixture has the moments of the images in `fitted_paths`, a dict of class to paths. The
    result is NaN for other classifiers, and for a source, whose distribution is not known.
    """
    found = np.full(len(parameters), np.nan)
    linear = [number for number, parts in enumerate(parameters) if len(parts) == 1]
    if fitted_paths and linear:
        streams = [read_rows(paths, np.float32, ROWS) for paths in fitted_paths.values()]
        weights = [parameters[i][0] for i in linear]
        found[linear] = fitted_accuracies(weights, streams, shrinkages or None)
    return found


def on_device(array, device):
    """The array itself for a CPU, because NumPy starts ten times faster; else a torch tensor."""
    if device == "cpu":
        return array
    import torch

    return torch.as_tensor(array, device=device)


if __name__ == "__main__":
    from job import logged, torch_device

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.input.shards,
            fitted_paths=snakemake.params.fitted,
            moments_paths=snakemake.input.moments,
            scores_path=snakemake.output.scores,
            classes=snakemake.params.classes,
            sizes=snakemake.params.sizes,
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
            seed=snakemake.params.seed,
            labels=dict(
                subset=snakemake.wildcards.subset,
                origin=snakemake.wildcards.origin,
                seed=snakemake.params.seed,
            ),
            device=torch_device(snakemake.params.device),
        )

"""Train and test the classifiers of all losses and training sizes on a subset of an origin."""

import numpy as np

from gaussianity.classifiers.exact_accuracy import fitted_accuracies
from gaussianity.classifiers.trial import trial, units_of_trial
from gaussianity.errors import prefixed
from gaussianity.io.class_images import ImageFiles
from gaussianity.io.columns import from_rows
from gaussianity.io.files import write_table
from gaussianity.moments.moments import read_moments


def main(
    *,
    shard_paths,
    fitted_paths,
    moments_paths,
    scores_path,
    classes,
    sizes,
    settings,
    mixes,
    study_seed,
    seed,
    labels,
    device,
):
    """shard_paths - by class; fitted_paths - images to which the Gaussian data were fitted, by
    class, none for other origins; moments_paths - moments with a shrinkage, none for a sample
    covariance; classes - indices; mixes - train on mixed images."""
    images = ImageFiles(list(shard_paths.values()))
    # The accuracy on samples of a fitted Gaussian is exact, so that one fold is enough.
    units = units_of_trial(
        classes, sizes, all_folds=not fitted_paths, study_seed=study_seed, seed=seed
    )
    found = trial(
        images,
        units,
        sizes,
        settings,
        mixes=mixes,
        study_seed=study_seed,
        seed=seed,
        to_device=lambda array: on_device(array, device),
        while_training=lambda: prefixed("config: classifier."),
    )
    parameters = [row.pop("parameters") for row in found]
    columns = from_rows(found)
    columns["rate_at_edge"] = columns["rate_at_edge"].astype(np.int8)  # a table has no booleans
    if fitted_paths:
        # These are samples, not images: a test on them says nothing about the images.
        columns["gaussian_accuracy"] = np.full(len(found), np.nan)
    shrinkages = [float(read_moments(path, "shrinkage")["shrinkage"]) for path in moments_paths]
    columns["exact_accuracy"] = exact_accuracies(parameters, fitted_paths, shrinkages)
    write_table(scores_path, columns, **labels)


def exact_accuracies(parameters, fitted_paths, shrinkages):
    """Accuracy of linear classifiers under the mixture from which Gaussian data were drawn.

    The mixture has the moments of the images in `fitted_paths`, a dict of class to paths. The
    result is NaN for other classifiers, and for images, whose distribution is not known.
    """
    linear = {id(parts): parts[0] for parts in parameters if len(parts) == 1}
    if not fitted_paths or not linear:
        return np.full(len(parameters), np.nan)
    fitted = ImageFiles(list(fitted_paths.values()))
    streams = [fitted.batches(k) for k in range(len(fitted))]
    found = fitted_accuracies(list(linear.values()), streams, shrinkages or None)
    of_network = dict(zip(linear, found, strict=True))  # a network has a row for each tested pool
    return np.array([of_network.get(id(parts), np.nan) for parts in parameters])


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
            shard_paths=snakemake.params.shards,
            fitted_paths=snakemake.params.fitted,
            moments_paths=snakemake.input.moments,
            scores_path=snakemake.output.scores,
            classes=snakemake.params.classes,
            sizes=snakemake.params.sizes,
            settings=snakemake.params.settings,
            mixes=snakemake.params.mixes,
            study_seed=snakemake.params.study_seed,
            seed=snakemake.params.seed,
            labels=dict(
                subset=snakemake.wildcards.subset,
                origin=snakemake.wildcards.origin,
                seed=snakemake.params.seed,
            ),
            device=torch_device(snakemake.params.device),
        )

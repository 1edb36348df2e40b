"""Train the classifiers of all training sizes on one subset of an origin."""

import numpy as np

from gaussianity.classifiers import SGD, Problem, sgd_classifiers
from gaussianity.files import write_table
from gaussianity.images import read_chosen_rows
from gaussianity.least_squares import least_squares_classifiers
from gaussianity.splits import split_classes


def main(*, shards, scores, loss, classes, sizes, settings, study_seed, seed, labels, device):
    per_class = sizes["images_per_class"]
    split = split_classes(
        classes,
        per_class,
        train_sizes=sizes["train_sizes"],
        validation_size=sizes["validation_size"],
        test_size=sizes["test_size"],
        study_seed=study_seed,
        seed=seed,
    )
    used, split = split.compact()
    rows = read_chosen_rows(shards, used, np.float32)
    one_hot = np.eye(len(classes), dtype=np.float32)[used // per_class]
    if loss == "least_squares":
        found = least_squares_classifiers(rows, one_hot, split, **settings)
    else:
        settings = dict(settings)
        hidden = settings.pop("hidden", None)
        problem = Problem(on_device(rows, device), on_device(one_hot, device), split, loss, hidden)
        found = sgd_classifiers(problem, SGD(**settings), study_seed=study_seed, seed=seed)
    write_table(scores, {key: [row[key] for row in found] for key in found[0]}, **labels)


def on_device(array, device):
    """The array itself on a CPU, where NumPy starts in a tenth of the time; else a torch tensor."""
    if device == "cpu":
        return array
    import torch

    return torch.as_tensor(array, device=device)


if __name__ == "__main__":
    from job import logged, torch_device

    with logged(snakemake.log[0]):
        main(
            shards=snakemake.input.shards,
            scores=snakemake.output.scores,
            loss=snakemake.params.loss,
            classes=snakemake.params.classes,
            sizes=snakemake.params.sizes,
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
            seed=snakemake.params.seed,
            labels=dict(
                subset=snakemake.wildcards.subset,
                origin=snakemake.wildcards.origin,
                loss=snakemake.params.loss,
                seed=snakemake.params.seed,
            ),
            device=torch_device(snakemake.params.device),
        )

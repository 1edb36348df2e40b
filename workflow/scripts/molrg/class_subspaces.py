"""Learn subspaces of a source's images, with and without labels, and compare them with classes'."""

import numpy as np
import torch

from gaussianity.io.columns import from_rows
from gaussianity.io.files import write_table
from gaussianity.io.images import read_chosen_rows
from gaussianity.molrg.class_subspaces import (
    class_references,
    comparisons,
    denoised_subspaces,
    matched_clusters,
    principal_subspaces,
    random_comparison,
    unlabelled_subspaces,
)
from gaussianity.moments.moments import read_moments
from gaussianity.streams import stream


def learn_subspaces(rows, settings, generators):
    """Bases per class by each way of learning, and the images of each class in each cluster.

    rows - (classes, images, n); generators - of the clustering and, after it, of each class.
    """
    count, per_class, n = rows.shape
    dimension = min(settings["dimension"], n)
    together = rows.reshape(-1, n)
    bases, clusters = unlabelled_subspaces(
        together - together.mean(axis=0),
        count,
        dimension,
        restarts=settings["restarts"],
        iterations=settings["iterations"],
        generator=generators[0],
    )
    labels = np.repeat(np.arange(count), per_class)
    chosen, counts = matched_clusters(labels, clusters, count)
    centred = rows - rows.mean(axis=1, keepdims=True)
    steps = settings["denoising"]
    return {
        "clusters": bases[chosen],
        "denoiser": denoised_subspaces(centred, dimension, steps=steps, generators=generators[1:]),
        "principal": principal_subspaces(centred, dimension),
    }, counts


def main(
    *,
    image_paths,
    moments_paths,
    subspaces_path,
    clusters_path,
    source,
    classes,
    settings,
    generators,
):
    """image_paths - the files of each class, class by class, as many for each; settings - of
    molrg.class_subspaces with images_per_class as the source has them; generators - see
    `learn_subspaces`.
    """
    chosen = np.arange(settings["images_per_class"])
    files = np.array_split(image_paths, len(classes))
    rows = np.stack([read_chosen_rows(list(part), chosen) for part in files])
    bases, counts = learn_subspaces(rows, settings, generators)
    centre = rows.mean(axis=(0, 1))
    dimension = bases["clusters"].shape[2]
    references = [
        class_references(read_moments(path, "mean", "covariance"), centre, dimension)
        for path in moments_paths
    ]
    found = [
        dict(learned=name) | row
        for name, learned in bases.items()
        for row in comparisons(learned, references)
    ]
    same_images = [dict(principal=basis) for basis in bases["principal"]]  # theorem 1
    found += [dict(learned="denoiser") | row for row in comparisons(bases["denoiser"], same_images)]
    drawn = random_comparison(len(centre), dimension, settings["random"], generators[0])
    none = dict(learned="random", class_index=-1, reference="any", against="own")
    columns = from_rows([*found, none | drawn])
    columns["image_class"] = np.array([*classes, "all"])[columns.pop("class_index")]
    write_table(subspaces_path, columns, source=source)
    write_table(
        clusters_path,
        dict(
            image_class=np.repeat(classes, len(classes)),
            cluster_of=np.tile(classes, len(classes)),
            images=counts.ravel(),
        ),
        source=source,
    )


if __name__ == "__main__":
    from job import logged

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            image_paths=snakemake.input.images,
            moments_paths=snakemake.input.moments,
            subspaces_path=snakemake.output.subspaces,
            clusters_path=snakemake.output.clusters,
            source=snakemake.wildcards.source,
            classes=snakemake.params.classes,
            settings=snakemake.params.settings,
            generators=[
                stream(snakemake.params.study_seed, "class_subspaces", *indices)
                for indices in snakemake.params.stream_indices
            ],
        )

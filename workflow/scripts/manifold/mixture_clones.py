"""Clones with the exact denoiser of two classes' Gaussian mixture, and its classes' posterior."""

import numpy as np
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.io.files import write_table
from gaussianity.io.images import image_shape
from gaussianity.manifold.measured.image_clones import LAST, TrainingSet, clone_table
from gaussianity.manifold.measured.image_weights import mixture_table, read_classes, read_normals
from gaussianity.manifold.process import noise_level
from gaussianity.streams import stream


def main(*, moments_paths, image_paths, clones_path, posterior_path, settings, study_seed):
    means, covariances, _ = read_normals(moments_paths)
    shape = image_shape(image_paths[0][0])
    mixture = GaussianDenoiser.of_moments(means, covariances, shape)
    ends = settings["lowest_time"], settings["highest_time"]
    generator = stream(study_seed, "real_clones", 1)
    labels = torch.arange(settings["clones"]) % len(means)
    images = mixture.draws(labels, generator).reshape(-1, *shape)

    def classes(images):
        return mixture.class_probabilities(images, noise_level(LAST)).argmax(dim=1)

    columns = clone_table(
        mixture,
        images,
        TrainingSet(*read_classes(image_paths)),
        classes,
        forks=np.geomspace(*ends, settings["clone_times"]),
        steps=settings["steps"],
        generator=generator,
    )
    accuracy = float((classes(images) == labels).double().mean())
    write_table(clones_path, columns, law="mixture", class_accuracy=accuracy)
    columns = mixture_table(
        mixture,
        np.geomspace(*ends, settings["times"]),
        count=settings["noisy_images"],
        generator=stream(study_seed, "real_clones", 2),
    )
    write_table(posterior_path, columns, law="mixture")


if __name__ == "__main__":
    from job import logged

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            moments_paths=snakemake.input.moments,
            image_paths=[snakemake.input.first, snakemake.input.second],
            clones_path=snakemake.output.clones,
            posterior_path=snakemake.output.posterior,
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
        )

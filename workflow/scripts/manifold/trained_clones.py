"""Clones with the denoiser that is trained on two classes' images."""

import numpy as np
import torch

from gaussianity.denoisers.acceleration import accelerated
from gaussianity.denoisers.files import load_denoiser
from gaussianity.io.files import require_finite, write_table
from gaussianity.manifold.measured.image_clones import TrainingSet, clone_table
from gaussianity.manifold.measured.image_weights import chosen_rows, read_classes
from gaussianity.streams import stream


def main(*, denoiser_path, image_paths, clones_path, settings, study_seed, device):
    model = accelerated(load_denoiser(denoiser_path, named=True), device)
    training_set = TrainingSet(*read_classes(image_paths))
    forks = np.geomspace(settings["lowest_time"], settings["highest_time"], settings["clone_times"])
    generator = stream(study_seed, "real_clones", 0)
    chosen = chosen_rows(training_set.rows, settings["clones"], generator)
    images = training_set.rows[chosen].reshape(-1, *model.image_shape).to(device)
    columns = clone_table(
        model,
        images,
        training_set,
        training_set.classes,
        forks=forks,
        steps=settings["steps"],
        generator=generator,
    )
    require_finite(denoiser_path, "entropy along its trajectories", columns["entropy"])
    write_table(clones_path, columns, law="trained", class_accuracy=training_set.accuracy)


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            image_paths=[snakemake.input.first, snakemake.input.second],
            clones_path=snakemake.output.clones,
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

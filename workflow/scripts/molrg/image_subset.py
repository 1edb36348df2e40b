"""Train a U-Net on a part of the study's dataset."""

import torch

from gaussianity.data.datasets import load_dataset
from gaussianity.denoisers.training import train_checkpoints, training_table
from gaussianity.io.files import write_table
from gaussianity.io.images import to_network
from gaussianity.molrg.generalisation import training_part
from gaussianity.streams import stream


def main(*, dataset_path, denoiser_paths, training_path, image_count, settings, study_seed, device):
    """denoiser_paths - a path per number of steps; image_count - number of training images."""
    settings = dict(settings)
    data = load_dataset(dataset_path).images
    order = stream(study_seed, "image_subset").permutation(len(data))
    part = training_part(order, image_count, settings.pop("held_out"))
    history = train_checkpoints(
        to_network(data[part]),
        denoiser_paths,
        prefix="config: molrg.generalisation.images.",
        generator=stream(study_seed, "image_denoiser", image_count),
        device=device,
        **settings,
    )
    write_table(training_path, training_table(history))


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            dataset_path=snakemake.input.dataset,
            denoiser_paths=dict(
                zip(snakemake.params.lengths, snakemake.output.denoisers, strict=True)
            ),
            training_path=snakemake.output.training,
            image_count=int(snakemake.wildcards.images),
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

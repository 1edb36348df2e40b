"""Train a U-Net on samples of a mixture of low-rank Gaussians, and save it at several steps."""

import math

import numpy as np
import torch

from gaussianity.denoisers.training import train_checkpoints, training_table
from gaussianity.io.files import write_npz, write_table
from gaussianity.molrg.mixture import random_bases, random_rows
from gaussianity.streams import stream


def main(
    *, denoiser_paths, mixture_path, training_path, dimension, samples, settings, study_seed, device
):
    """denoiser_paths - a path per number of steps."""
    settings = dict(settings)
    shape, subspaces = settings.pop("image_shape"), settings.pop("subspaces")
    generator = stream(study_seed, "mixture_denoiser", dimension, samples)
    bases = random_bases([generator], math.prod(shape), [dimension] * subspaces)
    rows, labels = random_rows([generator], bases, [samples] * subspaces)
    images = rows[0].numpy().reshape(-1, *shape).astype(np.float32)
    history = train_checkpoints(
        images,
        denoiser_paths,
        prefix="config: molrg.mixture_denoisers.",
        sigma_data=math.sqrt(dimension / math.prod(shape)),
        generator=generator,
        device=device,
        **settings,
    )
    stacked = torch.cat(bases).numpy()  # (subspaces, n, dimension)
    write_npz(mixture_path, bases=stacked, images=images, labels=labels.numpy())
    write_table(training_path, training_table(history))


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_paths=dict(
                zip(snakemake.params.lengths, snakemake.output.denoisers, strict=True)
            ),
            mixture_path=snakemake.output.mixture,
            training_path=snakemake.output.training,
            dimension=int(snakemake.wildcards.dimension),
            samples=int(snakemake.wildcards.samples),
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

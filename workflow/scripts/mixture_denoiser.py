"""Train a U-Net on images of a mixture of low-rank Gaussians, and keep it on the way."""

from pathlib import Path

import numpy as np
import torch

from gaussianity.denoiser_files import save_denoiser
from gaussianity.errors import InputError
from gaussianity.files import write_npz, write_table
from gaussianity.low_rank import random_bases, random_rows
from gaussianity.streams import stream
from gaussianity.training import Training, train


def main(*, denoisers, mixture, training, dimension, samples, settings, study_seed, device):
    """denoisers - paths whose names are the numbers of steps after which they are written."""
    generators = [stream(study_seed, "mixture_denoiser", dimension, samples)]
    shape, subspaces = tuple(settings["image_shape"]), settings["subspaces"]
    n = int(np.prod(shape))
    bases = random_bases(generators, n, [dimension] * subspaces)
    rows, labels = random_rows(generators, bases, [samples] * subspaces)
    images = rows[0].numpy().reshape(-1, *shape).astype(np.float32)
    kept = {int(Path(path).stem): path for path in denoisers}

    def keep(steps, averaged):
        if steps in kept:
            save_denoiser(averaged, kept[steps])

    _, losses = train(
        images,
        labels,
        label_dim=0,
        sigma_data=float(np.sqrt(dimension / n)),  # of a mixture of orthogonal subspaces
        network=settings["network"],
        training=Training(steps=max(kept), falls=False, **settings["training"]),
        generator=generators[0],
        device=device,
        after_step=keep,
    )
    if not np.isfinite(losses).all():
        raise InputError(
            "config: molrg.mixture_denoisers.training.learning_rate must let the training "
            f"converge, found {settings['training']['learning_rate']}; lower it"
        )
    stacked = torch.cat(bases).numpy()  # (subspaces, n, dimension)
    write_npz(mixture, bases=stacked, images=images, labels=labels.numpy())
    write_table(training, dict(step=range(len(losses)), loss=losses))


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoisers=snakemake.output.denoisers,
            mixture=snakemake.output.mixture,
            training=snakemake.output.training,
            dimension=int(snakemake.wildcards.dimension),
            samples=int(snakemake.wildcards.samples),
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

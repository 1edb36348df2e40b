"""Measure the numerical rank of a mixture's exact denoiser and of U-Nets trained on samples."""

import torch

from gaussianity.denoisers.files import load_denoiser
from gaussianity.denoisers.low_rank import PosteriorMeanDenoiser
from gaussianity.io.columns import concatenated
from gaussianity.io.files import read_artifact, write_table
from gaussianity.molrg.mixture import LowRankMixture
from gaussianity.molrg.numerical_rank import measure_ranks
from gaussianity.streams import stream


def main(
    *,
    denoiser_paths,
    mixture_path,
    ranks_path,
    settings,
    image_count,
    dimension,
    study_seed,
    device,
):
    """denoiser_paths - paths by the number of training steps."""
    bases = read_artifact(mixture_path, "bases")["bases"]
    networks = {
        steps: load_denoiser(path, device, named=True) for steps, path in denoiser_paths.items()
    }
    shape = next(iter(networks.values())).image_shape
    exact = PosteriorMeanDenoiser.of_mixture(LowRankMixture(tuple(bases)), shape).to(device)
    seeds = stream(study_seed, "mixture_latents", dimension).integers(2**32, size=image_count)
    tables = []
    for steps, model in {0: exact, **networks}.items():  # of the exact one there is no training
        columns = measure_ranks(
            model,
            seeds,
            None,
            settings=settings,
            generators=[stream(study_seed, "mixture_rank", steps, i) for i in range(image_count)],
            steps=settings["steps"],
            device=device,
        )
        tables.append(columns | dict(training_steps=[steps] * len(columns["step"])))
    write_table(
        ranks_path,
        concatenated(tables),
        subspace_dimension=dimension,
        subspaces=len(bases),
    )


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_paths=dict(
                zip(snakemake.params.lengths, snakemake.input.denoisers, strict=True)
            ),
            mixture_path=snakemake.input.mixture,
            ranks_path=snakemake.output.ranks,
            settings=snakemake.params.settings,
            image_count=snakemake.params.images,
            dimension=snakemake.params.dimension,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

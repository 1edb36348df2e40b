"""Measure the numerical rank of the denoiser's Jacobian along the first images of a class."""

import torch

from gaussianity.io.files import write_table
from gaussianity.molrg.numerical_rank import measure_ranks
from gaussianity.sampling.class_samples import class_denoiser, class_labels
from gaussianity.sampling.jacobians import differentiable_denoiser
from gaussianity.streams import image_seeds, stream


def main(
    *,
    denoiser_path,
    ranks_path,
    settings,
    image_count,
    image_class,
    class_index,
    stream_index,
    label,
    study_seed,
    device,
):
    seeds = image_seeds(study_seed, class_index, range(image_count))
    generators = [stream(study_seed, "numerical_rank", stream_index, i) for i in range(image_count)]
    model = class_denoiser(
        denoiser_path,
        image_class=image_class,
        label=label,
        device=device,
        precision="float32",  # derivatives need more digits than images
    )
    otherwise = "molrg.numerical_rank.class_images 0 leaves this measurement out"
    with differentiable_denoiser(denoiser_path, otherwise):
        columns = measure_ranks(
            model,
            seeds,
            class_labels(model, label, image_count),
            settings=settings,
            generators=generators,
            steps=settings["steps"],
            device=device,
        )
    write_table(ranks_path, columns, image_class=image_class)


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            ranks_path=snakemake.output.ranks,
            settings=snakemake.params.settings,
            image_count=snakemake.params.images,
            image_class=snakemake.params.image_class,
            class_index=snakemake.params.class_index,
            stream_index=snakemake.params.stream_index,
            label=snakemake.params.label,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

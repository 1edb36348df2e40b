"""Measure the numerical rank of the denoiser's Jacobian, along the first images of a class."""

import torch

from gaussianity.errors import InputError
from gaussianity.io.files import write_table
from gaussianity.molrg.numerical_rank import of_images
from gaussianity.sampling.class_samples import class_denoiser
from gaussianity.sampling.jacobians import NotDifferentiable
from gaussianity.streams import image_seeds, stream


def main(
    *,
    denoiser,
    ranks,
    settings,
    images,
    image_class,
    class_index,
    stream_index,
    label,
    study_seed,
    device,
):
    seeds = image_seeds(study_seed, class_index, range(images))
    generators = [stream(study_seed, "numerical_rank", stream_index, i) for i in range(images)]
    model = class_denoiser(
        denoiser,
        image_class=image_class,
        label=label,
        device=device,
        precision="float32",  # derivatives need more digits than images
    )
    try:
        columns = of_images(
            model,
            seeds,
            torch.eye(model.label_dim)[[label] * images],
            settings=settings,
            generators=generators,
            steps=settings["steps"],
            device=device,
        )
    except NotDifferentiable as error:
        raise InputError(
            f"{denoiser}: expected a denoiser that torch can differentiate, found that {error}; "
            "molrg.numerical_rank.class_images 0 leaves this measurement out"
        ) from None
    write_table(ranks, columns, image_class=image_class)


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser=snakemake.input.denoiser,
            ranks=snakemake.output.ranks,
            settings=snakemake.params.settings,
            images=snakemake.params.images,
            image_class=snakemake.wildcards.image_class,
            class_index=snakemake.params.class_index,
            stream_index=snakemake.params.stream_index,
            label=snakemake.params.label,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

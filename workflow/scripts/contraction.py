"""Measure how much the sampler's steps can stretch, along the first images of a class."""

import torch

from gaussianity.acceleration import accelerated
from gaussianity.contraction import closed_form, of_images
from gaussianity.denoiser_files import load_denoiser
from gaussianity.errors import InputError
from gaussianity.files import require_finite, write_table
from gaussianity.jacobians import NotDifferentiable
from gaussianity.seals import require_seal
from gaussianity.streams import image_seeds, stream


def main(
    *,
    denoiser,
    description,
    contraction,
    sampling,
    settings,
    image_class,
    class_index,
    stream_index,
    label,
    study_seed,
    device,
):
    images = range(settings["images"])
    seeds = image_seeds(study_seed, class_index, images)
    for path in (denoiser, description):
        require_seal(path)
    # Derivatives need more digits than images, and operations that are not fused.
    model = accelerated(load_denoiser(denoiser), device, precision="float32")
    if label >= model.label_dim:
        raise InputError(
            f"{denoiser}: expected a denoiser with the label {label} of the class {image_class}, "
            f"found {f'{model.label_dim} labels' if model.label_dim else 'an unconditional one'}"
        )
    try:
        columns = of_images(
            model,
            seeds,
            torch.eye(model.label_dim)[[label] * len(seeds)],
            count=settings["singular_values"],
            iterations=settings["iterations"],
            generators=[stream(study_seed, "contraction", stream_index, i) for i in images],
            device=device,
            **sampling,
        )
    except NotDifferentiable as error:
        raise InputError(
            f"{denoiser}: expected a denoiser that torch can differentiate, found that {error}"
        ) from None
    for name, column in columns.items():
        require_finite(denoiser, name, column)
    columns["closed_form"] = closed_form(model, label, columns)
    write_table(contraction, columns, image_class=image_class)


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser=snakemake.input.denoiser,
            description=snakemake.input.description,
            contraction=snakemake.output.contraction,
            sampling=snakemake.params.sampling,
            settings=snakemake.params.settings,
            image_class=snakemake.wildcards.image_class,
            class_index=snakemake.params.class_index,
            stream_index=snakemake.params.stream_index,
            label=snakemake.params.label,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

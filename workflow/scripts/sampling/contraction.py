"""Measure local Lipschitz constants of the sampler's steps along the first images of a class."""

import torch

from gaussianity.io.files import require_finite, write_table
from gaussianity.sampling.class_samples import class_denoiser, class_labels
from gaussianity.sampling.contraction import closed_form_constants, measure_contraction
from gaussianity.sampling.jacobians import differentiable_denoiser
from gaussianity.streams import image_seeds, stream


def main(
    *,
    denoiser_path,
    contraction_path,
    sampling,
    settings,
    image_class,
    class_index,
    stream_index,
    label,
    study_seed,
    device,
):
    numbers = range(settings["images"])
    seeds = image_seeds(study_seed, class_index, numbers)
    model = class_denoiser(
        denoiser_path,
        image_class=image_class,
        label=label,
        device=device,
        precision="float32",  # derivatives need more digits than images, and no fused operations
    )
    otherwise = "contraction.images 0 leaves this measurement out"
    with differentiable_denoiser(denoiser_path, otherwise):
        columns = measure_contraction(
            model,
            seeds,
            class_labels(model, label, len(seeds)),
            count=settings["singular_values"],
            iterations=settings["iterations"],
            generators=[stream(study_seed, "contraction", stream_index, i) for i in numbers],
            device=device,
            **sampling,
        )
    for name, column in columns.items():
        require_finite(denoiser_path, name, column)
    columns["closed_form"] = closed_form_constants(model, label, columns)
    write_table(contraction_path, columns, image_class=image_class)


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            contraction_path=snakemake.output.contraction,
            sampling=snakemake.params.sampling,
            settings=snakemake.params.settings,
            image_class=snakemake.params.image_class,
            class_index=snakemake.params.class_index,
            stream_index=snakemake.params.stream_index,
            label=snakemake.params.label,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

"""Sample a class from another latent distribution, in float32, with the seeds of `sampling`."""

import numpy as np
import torch

from gaussianity.io.files import write_npz
from gaussianity.io.images import to_unit
from gaussianity.sampling.class_samples import class_batches
from gaussianity.sampling.gaussian_start import GaussianStart
from gaussianity.streams import image_seeds


def main(
    *,
    denoiser_path,
    images_path,
    sampling,
    base,
    image_class,
    class_index,
    label,
    count,
    study_seed,
    device,
    start_paths=(),
):
    settings = dict(sampling, base=base)
    seeds = image_seeds(study_seed, class_index, range(count))
    batches = class_batches(
        denoiser_path,
        seeds,
        image_class=image_class,
        label=label,
        device=device,
        start=GaussianStart.of_files(start_paths, image_class, device),
        compiled=settings.pop("compile"),
        **settings,
    )
    kept = [to_unit(x) for _, x, _ in batches]
    write_npz(images_path, images=np.concatenate(kept), seeds=seeds)


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            images_path=snakemake.output.images,
            sampling=snakemake.params.sampling,
            base=snakemake.wildcards.base,
            image_class=snakemake.params.image_class,
            class_index=snakemake.params.class_index,
            label=snakemake.params.label,
            count=snakemake.params.images_per_base,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
            start_paths=snakemake.input.start,
        )

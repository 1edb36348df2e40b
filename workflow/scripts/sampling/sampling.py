"""Sample one shard of a class, and record norms and some images along the sampler."""

import numpy as np
import torch

from gaussianity.io.columns import concatenated
from gaussianity.io.files import write_npz, write_table
from gaussianity.io.images import require_different, to_uint8, to_unit
from gaussianity.sampling.class_samples import class_batches
from gaussianity.sampling.gaussian_start import GaussianStart
from gaussianity.sampling.sampler import Trajectory
from gaussianity.streams import image_seeds


def main(
    *,
    denoiser_path,
    images_path,
    trajectory_path,
    snapshots_path,
    sampling,
    image_class,
    class_index,
    label,
    bounds,
    study_seed,
    device,
    start_paths=(),
):
    settings = dict(sampling)
    stored = to_uint8 if settings.pop("stored_as") == "uint8" else to_unit
    steps, shown = settings.pop("snapshot_steps"), settings.pop("snapshot_images")
    seeds = image_seeds(study_seed, class_index, range(*bounds))
    kept, tables, first = [], [], None
    for part, x, trajectory in class_batches(
        denoiser_path,
        seeds,
        image_class=image_class,
        label=label,
        device=device,
        start=GaussianStart.of_files(start_paths, image_class, device),
        compiled=settings.pop("compile"),
        trajectories=lambda: Trajectory(steps, 0 if kept else shown),
        **settings,
    ):
        first = first or trajectory
        kept.append(stored(x))
        tables.append(trajectory.columns(part))
    images = np.concatenate(kept)
    require_different(f"{denoiser_path}: samples of the class {image_class}", images)
    write_npz(images_path, images=images, seeds=seeds)
    write_table(trajectory_path, concatenated(tables), image_class=image_class)
    write_npz(snapshots_path, **first.snapshots())


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            images_path=snakemake.output.images,
            trajectory_path=snakemake.output.trajectory,
            snapshots_path=snakemake.output.snapshots,
            sampling=snakemake.params.sampling,
            image_class=snakemake.params.image_class,
            class_index=snakemake.params.class_index,
            label=snakemake.params.label,
            bounds=snakemake.params.bounds,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
            start_paths=snakemake.input.start,
        )

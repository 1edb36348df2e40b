"""Images of the same seeds with and without a start in closed form, and where it may start."""

import numpy as np
import torch

from gaussianity.io.columns import concatenated, of_class
from gaussianity.io.files import write_table
from gaussianity.linear import late_starts
from gaussianity.linear.class_rows import ClassRows
from gaussianity.sampling.class_samples import classes_denoiser
from gaussianity.streams import image_seeds, stream

VOTERS = 200  # real images of a class that vote


def main(
    *,
    denoiser_path,
    dataset_path,
    image_paths,
    paths,
    sampling,
    batch_size,
    labels,
    settings,
    most,
    source,
    study_seed,
    device,
):
    """image_paths, labels - see linear_measures; most - images that define a class's moments."""
    model = classes_denoiser(
        denoiser_path,
        {name: label for name, (label, _, _) in labels.items()},
        device,
        precision="float32",
    )
    class_rows = ClassRows(dataset_path, image_paths, most=most, image_shape=model.image_shape)
    known = [class_rows.of_moments(name)[:VOTERS] for name in labels]
    voters = np.concatenate(known), np.repeat(range(len(known)), [len(rows) for rows in known])
    design = late_starts.Settings(sampling, settings["starts"], batch_size, device)
    images, levels = [], []
    for name, (label, seed_class, stream_index) in labels.items():
        print(f"class {name}", flush=True)
        references = class_rows.references(name)
        seeds = image_seeds(study_seed, seed_class, range(settings["images"]))
        found = late_starts.image_table(model, label, references, seeds, voters, design)
        images.append(of_class(name, found))
        count = min(settings["images"], len(references.rows))
        generator = stream(study_seed, "linear_start", stream_index)
        normal = torch.from_numpy(generator.standard_normal((count, *model.image_shape)))
        levels.append(
            of_class(name, late_starts.level_table(model, label, references, normal, design))
        )
    write_table(paths["start_images"], concatenated(images), source=source)
    write_table(paths["start_levels"], concatenated(levels), source=source)


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            dataset_path=next(iter(snakemake.input.dataset), None),
            image_paths=snakemake.params.images,
            paths={name: snakemake.output[name] for name in ("start_images", "start_levels")},
            sampling=snakemake.params.sampling,
            batch_size=snakemake.params.batch_size,
            labels=snakemake.params.labels,
            settings=snakemake.params.settings,
            most=snakemake.params.most,
            source=snakemake.params.source,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

"""What mean and covariance decide of a denoiser and of the images of a source, with the answer."""

import pandas as pd
import torch

from gaussianity.io.files import write_csv, write_npz, write_table
from gaussianity.io.images import rows, to_uint8, to_unit
from gaussianity.linear import classes
from gaussianity.linear.class_rows import ClassRows
from gaussianity.linear.level_summary import level_summary
from gaussianity.linear.sentences import sentences
from gaussianity.linear.twin_summary import twin_summary
from gaussianity.sampling.class_samples import class_denoiser
from gaussianity.streams import image_seeds, stream

STORED = {"uint8": to_uint8, "float32": to_unit}
SHOWN = 10  # images and twins of a class that are kept


def main(
    *,
    denoiser_path,
    dataset_path,
    image_paths,
    paths,
    sampling,
    stored_as,
    batch_size,
    labels,
    settings,
    source,
    study_seed,
    device,
):
    """image_paths - files of generated images by class; labels - of each class the denoiser's
    label, the number of its image seeds and that of its random stream."""
    last = max(labels, key=lambda name: labels[name][0])
    model = class_denoiser(
        denoiser_path,
        image_class=last,
        label=labels[last][0],
        device=device,
        precision="float32",  # differences from the references are small
    )
    of_class = ClassRows(
        dataset_path, image_paths, most=settings["moments_images"], image_shape=model.image_shape
    )
    design = classes.Settings(
        sigmas=settings["sigmas"],
        images=settings["images"],
        directions=settings["directions"],
        batch_size=batch_size,
        walk=sampling,
        stored=lambda x: 2 * rows(STORED[stored_as](x)) - 1,
        device=device,
    )
    names = list(labels)
    found, seeds = {}, {}
    for name, other in zip(names, names[1:] + names[:1], strict=True):
        print(f"class {name}", flush=True)
        is_other = other != name
        label, seed_class, stream_index = labels[name]
        seeds[name] = image_seeds(study_seed, seed_class, range(settings["images"]))
        found[name] = classes.measure(
            model,
            (label, labels[other][0] if is_other else None),
            (of_class.references(name), of_class.references(other) if is_other else None),
            of_class.generated(name, settings["images"]),
            seeds[name],
            stream(study_seed, "linear_noise", stream_index),
            design,
        )
    levels = classes.level_table(found)
    twins = classes.twin_table(found, seeds)
    write_table(paths["levels"], levels, source=source, moments=of_class.origin)
    write_table(paths["twins"], twins, source=source)
    write_table(paths["directions"], classes.direction_table(found), source=source)
    write_npz(paths["pictures"], **classes.pictures(found, SHOWN))
    summaries = level_summary(pd.DataFrame(levels)), twin_summary(pd.DataFrame(twins))
    write_csv(paths["sentences"], sentences(*summaries, source=source))


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            dataset_path=next(iter(snakemake.input.dataset), None),
            image_paths=snakemake.params.images,
            paths={
                name: snakemake.output[name]
                for name in ("levels", "twins", "directions", "pictures", "sentences")
            },
            sampling=snakemake.params.sampling,
            stored_as=snakemake.params.stored_as,
            batch_size=snakemake.params.batch_size,
            labels=snakemake.params.labels,
            settings=snakemake.params.settings,
            source=snakemake.params.source,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

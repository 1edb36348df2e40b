"""The split of a denoiser into Wiener filter, another linear filter, and the rest."""

import torch

from gaussianity.io.files import write_npz, write_table
from gaussianity.linear.class_rows import ClassRows
from gaussianity.linear.class_splits import class_splits, joined
from gaussianity.sampling.class_samples import class_denoiser
from gaussianity.streams import stream


def main(
    *,
    denoiser_path,
    dataset_path,
    image_paths,
    paths,
    batch_size,
    labels,
    settings,
    most,
    source,
    study_seed,
    device,
):
    """image_paths, labels - see linear_measures; most - images that define a class's moments."""
    last = max(labels, key=lambda name: labels[name][0])
    model = class_denoiser(
        denoiser_path, image_class=last, label=labels[last][0], device=device, precision="float32"
    )
    of_class = ClassRows(dataset_path, image_paths, most=most, image_shape=model.image_shape)
    found = {}
    for name, (label, _, stream_index) in labels.items():
        print(f"class {name}", flush=True)
        found[name] = class_splits(
            model,
            label,
            of_class.of_moments(name),
            stream(study_seed, "linear_split", stream_index),
            batch_size=batch_size,
            device=device,
            **settings,
        )
    shares, shrinkage, filters = joined(found)
    write_table(paths["split"], shares, source=source)
    write_table(paths["shrinkage"], shrinkage, source=source)
    write_npz(paths["filters"], **filters)


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            dataset_path=next(iter(snakemake.input.dataset), None),
            image_paths=snakemake.params.images,
            paths={name: snakemake.output[name] for name in ("split", "shrinkage", "filters")},
            batch_size=snakemake.params.batch_size,
            labels=snakemake.params.labels,
            settings=snakemake.params.settings,
            most=snakemake.params.most,
            source=snakemake.params.source,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

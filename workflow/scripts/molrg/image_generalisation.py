"""Score the samples of U-Nets trained on parts of a dataset, with held-out images as reference."""

import numpy as np
import torch

from gaussianity.data.datasets import load_dataset
from gaussianity.data.features import Features
from gaussianity.denoisers.files import load_denoiser
from gaussianity.io.columns import from_rows
from gaussianity.io.files import write_table
from gaussianity.io.images import rows, to_unit
from gaussianity.molrg.copy_detection import CopyDetector, unlike_share
from gaussianity.molrg.generalisation import (
    INTERVAL,
    generated_images,
    held_out_part,
    labelled,
    scores,
    training_part,
)
from gaussianity.streams import stream


def space_of(network, batch_size, device):
    """Function of images that returns rows of pixels or, if there is a network, of its features."""
    if not network:
        return rows
    features = Features(**network, device=device, prefix="features.")
    return lambda images: features.of_images(images, batch_size).astype(np.float64)


def unlike(detector, made, training):
    """Columns of unlike_share with its interval, NaN without a copy detector."""
    found = np.full(3, np.nan)
    if detector is not None:
        units = [rows(part, np.float32).reshape(part.shape) for part in (made, training)]
        found = unlike_share(*(detector.embeddings(part) for part in units))
    return labelled("unlike_share", INTERVAL, found)


def main(*, dataset_path, denoiser_paths, labels, table_path, spaces, settings, study_seed, device):
    """labels - images and steps of each denoiser; spaces - network and copy_detector, or None."""
    settings, found = dict(settings), []
    held_out, batch_size = settings.pop("held_out"), settings["batch_size"]
    data = load_dataset(dataset_path).images
    order = stream(study_seed, "image_subset").permutation(len(data))
    fresh = data[held_out_part(order, held_out)]
    space = space_of(spaces["network"], batch_size, device)
    path = spaces["copy_detector"]
    detector = CopyDetector(path, device) if path else None
    for path, label in zip(denoiser_paths, labels, strict=True):
        model = load_denoiser(path, device, named=True)
        generator = stream(study_seed, "image_generalisation", label["images"])
        made = to_unit(generated_images(model, held_out, generator, device=device, **settings))
        training = data[training_part(order, label["images"], held_out)]
        row = scores(*(space(part) for part in (made, training, fresh)), generator)
        found.append(label | row | unlike(detector, made, training))
    write_table(table_path, from_rows(found))


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            dataset_path=snakemake.input.dataset,
            denoiser_paths=snakemake.input.denoisers,
            labels=snakemake.params.labels,
            table_path=snakemake.output.table,
            spaces=snakemake.params.spaces,
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

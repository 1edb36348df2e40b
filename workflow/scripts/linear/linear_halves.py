"""Images of the same seeds by the denoisers of two halves of the dataset, compared in pairs."""

import numpy as np
import torch

from gaussianity.data.datasets import load_dataset
from gaussianity.denoisers.files import load_denoiser
from gaussianity.io.columns import concatenated
from gaussianity.io.files import require_finite, write_npz, write_table
from gaussianity.io.images import to_network, to_unit
from gaussianity.linear.halves.dataset_halves import disjoint_halves
from gaussianity.linear.halves.half_images import of_class
from gaussianity.molrg.copy_detection import CopyDetector
from gaussianity.streams import image_seeds, stream

SHOWN = 10  # classes of which a seed is shown


def embeddings_of(detector_path, image_shape, device):
    """Function of rows in the network form that returns the copy detector's unit vectors."""
    if detector_path is None:
        return None
    detector = CopyDetector(detector_path, device)
    return lambda rows: detector.embeddings(to_unit(rows).reshape(-1, *image_shape))


def class_rows(data, name, halves):
    """Rows of a class in each half, network form."""
    number = data.class_names.index(name)
    own = [half[data.labels[half] == number] for half in halves]
    return [to_network(data.images[half], np.float64).reshape(len(half), -1) for half in own]


def main(
    *, dataset_path, denoiser_paths, detector_path, paths, labels, settings, study_seed, device
):
    """denoiser_paths - of each training, may be empty; labels - see linear_measures; settings -
    images and those of `half_images.of_class`."""
    data, settings = load_dataset(dataset_path), dict(settings)
    count, image_shape = settings.pop("images"), data.images.shape[1:]
    halves = disjoint_halves(data.labels, stream(study_seed, "halves"))
    networks = {n: load_denoiser(p, named=True).to(device) for n, p in denoiser_paths.items()}
    embeddings = embeddings_of(detector_path, image_shape, device)
    tables, shown = [], []
    for name, (label, seed_class, _) in labels.items():
        rows = class_rows(data, name, halves)
        seeds = image_seeds(study_seed, seed_class, range(count))
        found = of_class(rows, networks, label, seeds, image_shape, device=device, **settings)
        for maker, made in found.images.items():
            require_finite(dataset_path, f"images of the class {name} by {maker}", made)
        tables.append(found.tables(name, embeddings))
        shown.append({maker: made[0].reshape(image_shape) for maker, made in found.images.items()})
    for key in tables[0]:
        write_table(paths[key], concatenated([of[key] for of in tables]))
    pictures = {maker: np.stack([of[maker] for of in shown[:SHOWN]]) for maker in shown[0]}
    write_npz(paths["pictures"], **{k: v.astype(np.float32) for k, v in pictures.items()})


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            dataset_path=snakemake.input.dataset,
            denoiser_paths=dict(
                zip(snakemake.params.trainings, snakemake.input.denoisers, strict=True)
            ),
            detector_path=next(iter(snakemake.input.detector), None),
            paths={
                name: snakemake.output[name]
                for name in ("products", "distances", "spectra", "pictures")
            },
            labels=snakemake.params.labels,
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

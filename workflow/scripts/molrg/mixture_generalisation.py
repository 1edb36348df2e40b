"""Score the samples of the U-Nets trained on mixtures: how far from copies of their data?"""

import numpy as np
import torch

from gaussianity.denoisers.files import load_denoiser
from gaussianity.io.columns import from_rows
from gaussianity.io.files import read_artifact, write_table
from gaussianity.molrg.generalisation import generated_images, mixture_scores
from gaussianity.molrg.mixture import LowRankMixture
from gaussianity.streams import stream


def scored(path, mixture, generator, settings, device):
    settings = dict(settings, device=device)
    count = settings.pop("samples")
    data = read_artifact(mixture, "bases", "images")
    model = load_denoiser(path, device, named=True)
    made = generated_images(model, count, generator, **settings)
    fresh = LowRankMixture(tuple(data["bases"])).sample(generator, count)[0].numpy()
    made, training = (a.reshape(len(a), -1).astype(np.float64) for a in (made, data["images"]))
    return mixture_scores(made, training, fresh, data["bases"], generator)


def main(*, denoiser_paths, mixture_paths, labels, table_path, settings, study_seed, device):
    """labels - dimension, samples and steps of each denoiser; mixture_paths - its training data."""
    found = []
    for path, mixture, label in zip(denoiser_paths, mixture_paths, labels, strict=True):
        indices = label["dimension"], label["samples"]
        generator = stream(study_seed, "mixture_generalisation", *indices)
        found.append(label | scored(path, mixture, generator, settings, device))
    write_table(table_path, from_rows(found))


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_paths=snakemake.input.denoisers,
            mixture_paths=snakemake.input.mixtures,
            labels=snakemake.params.labels,
            table_path=snakemake.output.table,
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

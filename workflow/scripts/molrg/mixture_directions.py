"""Edit images along singular vectors of the exact, unconditional denoiser of Gaussian classes."""

import numpy as np
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser, Unlabelled
from gaussianity.io.files import write_npz, write_table
from gaussianity.io.images import read_rows
from gaussianity.molrg.edit_effects import Classifier, EditSettings, measure_edits
from gaussianity.streams import image_seeds, stream


def main(
    *, shard_paths, effects_path, pictures_path, settings, classes, image_shape, study_seed, device
):
    """As semantic_directions; the denoiser is that of the classes' means and covariances."""
    settings = dict(settings)
    images, kept = range(settings.pop("images")), settings.pop("classifier_images")
    rows = [np.concatenate(list(read_rows(paths)))[:kept] for paths in shard_paths]
    model = Unlabelled(GaussianDenoiser.of_classes([2 * r - 1 for r in rows], image_shape))
    classifier = Classifier.of_classes(rows, stream(study_seed, "edit_classifier"))
    # Whatever latents the study's classes share: without labels equal ones are equal images.
    seeds = [image_seeds(study_seed, of_class["index"], images) for of_class in classes]
    generators = [
        stream(study_seed, "mixture_directions", of_class["index"], i)
        for i in images
        for of_class in classes
    ]
    columns, shown = measure_edits(
        model.to(device),
        np.stack(seeds, axis=1).ravel(),  # image by image, of every class
        None,
        classifier=classifier,
        settings=EditSettings(**settings),
        generators=generators,
        device=device,
    )
    write_table(effects_path, columns, denoiser="mixture", accuracy=classifier.accuracy)
    write_npz(pictures_path, images=shown.astype(np.float32))


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            shard_paths=np.split(np.array(snakemake.input.shards), len(snakemake.params.classes)),
            effects_path=snakemake.output.effects,
            pictures_path=snakemake.output.pictures,
            settings=snakemake.params.settings,
            classes=snakemake.params.classes,
            image_shape=snakemake.params.image_shape,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

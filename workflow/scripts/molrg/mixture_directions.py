"""Edit images along singular vectors of the exact, unconditional denoiser of Gaussian classes."""

from functools import partial

import numpy as np
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser, Unlabelled
from gaussianity.io.files import write_npz, write_table
from gaussianity.io.images import read_rows
from gaussianity.molrg.edits.edit_effects import Classifier
from gaussianity.molrg.edits.edit_input import EditedClasses, class_directions, given_images
from gaussianity.molrg.edits.edits import EditSettings, measure_all
from gaussianity.streams import image_seeds, stream


def main(
    *, shard_paths, effects_path, pictures_path, settings, classes, image_shape, study_seed, device
):
    """Arguments as in semantic_directions."""
    settings = dict(settings)
    count, kept, inverted = (settings.pop(k) for k in ("images", "classifier_images", "inversion"))
    rows = [np.concatenate(list(read_rows(paths)))[:kept] for paths in shard_paths]
    model = Unlabelled(GaussianDenoiser.of_classes([2 * r - 1 for r in rows], image_shape))
    # Without labels no class is known, so that the principal directions are those of all images.
    principal = class_directions([np.concatenate(rows)], settings["directions"])
    edited = EditedClasses(
        principal.expand(len(classes), -1, -1),
        [partial(stream, study_seed, "mixture_directions", of["index"]) for of in classes],
        None,
        Classifier.of_classes(rows, stream(study_seed, "edit_classifier")),
        EditSettings(**settings),
    )
    # Classes never share seeds here: without labels equal seeds would give equal images.
    seeds = [image_seeds(study_seed, of["index"], range(count)) for of in classes]
    images = given_images(rows, inverted["images"], image_shape, path=inverted["path"])
    sampled = edited.sampled(np.stack(seeds, axis=1))
    given = edited.given(*images, inverted["steps"])
    columns, shown = measure_all(model.to(device), sampled, given, device)
    accuracy = edited.classifier.accuracy
    write_table(effects_path, columns, denoiser="mixture", accuracy=accuracy)
    write_npz(pictures_path, **{name: x.astype(np.float32) for name, x in shown.items()})


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

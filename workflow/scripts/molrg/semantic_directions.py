"""Edit images along singular vectors of the denoiser's Jacobian, and measure the effects."""

from functools import partial

import numpy as np
import torch

from gaussianity.io.files import write_npz, write_table
from gaussianity.io.images import read_rows
from gaussianity.molrg.edits.edit_effects import Classifier
from gaussianity.molrg.edits.edit_input import EditedClasses, class_directions, given_images
from gaussianity.molrg.edits.edits import EditSettings, measure_all
from gaussianity.sampling.class_samples import class_denoiser
from gaussianity.sampling.jacobians import differentiable_denoiser
from gaussianity.streams import image_seeds, stream


def main(
    *,
    denoiser_path,
    shard_paths,
    effects_path,
    pictures_path,
    settings,
    classes,
    study_seed,
    device,
):
    """shard_paths - of each class; classes - name, seed class, stream index and label of each."""
    settings = dict(settings)
    count, kept, inverted = (settings.pop(k) for k in ("images", "classifier_images", "inversion"))
    rows = [np.concatenate(list(read_rows(paths)))[:kept] for paths in shard_paths]
    classifier = Classifier.of_classes(rows, stream(study_seed, "edit_classifier"))
    last = max(classes, key=lambda of_class: of_class["label"])
    model = class_denoiser(
        denoiser_path,
        image_class=last["name"],
        label=last["label"],
        device=device,
        precision="float32",  # derivatives need more digits than images
    )
    edited = EditedClasses(
        class_directions(rows, settings["directions"]),
        [partial(stream, study_seed, "semantic_directions", of["index"]) for of in classes],
        torch.eye(model.label_dim)[[of["label"] for of in classes]],
        classifier,
        EditSettings(**settings),
    )
    seeds = [image_seeds(study_seed, of["seeds"], range(count)) for of in classes]
    images = given_images(
        rows,
        inverted["images"],
        model.image_shape,
        path=inverted["path"],
        of_class=inverted["class_number"],
    )
    otherwise = "molrg.semantic_directions.images 0 leaves this measurement out"
    with differentiable_denoiser(denoiser_path, otherwise):
        sampled = edited.sampled(np.stack(seeds, axis=1))
        given = edited.given(*images, inverted["steps"])
        columns, shown = measure_all(model, sampled, given, device)
    write_table(effects_path, columns, denoiser="study", accuracy=classifier.accuracy)
    write_npz(pictures_path, **{name: x.astype(np.float32) for name, x in shown.items()})


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            shard_paths=np.split(np.array(snakemake.input.shards), len(snakemake.params.classes)),
            effects_path=snakemake.output.effects,
            pictures_path=snakemake.output.pictures,
            settings=snakemake.params.settings,
            classes=snakemake.params.classes,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

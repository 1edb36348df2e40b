"""Posterior weights of two classes' images given noisy images.

Both transition times follow from them without a trajectory.
"""

import numpy as np
import torch

from gaussianity.io.files import write_table
from gaussianity.manifold.measured.image_weights import read_classes, weight_table
from gaussianity.streams import stream


def main(*, image_paths, weights_path, law, settings, stream_index, study_seed):
    rows, labels = read_classes(image_paths)
    columns = weight_table(
        rows,
        labels,
        np.geomspace(settings["lowest_time"], settings["highest_time"], settings["times"]),
        count=settings["noisy_images"],
        generator=stream(study_seed, "real_weights", stream_index),
    )
    write_table(weights_path, columns, law=law, images=len(rows))


if __name__ == "__main__":
    from job import logged

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            image_paths=[snakemake.input.first, snakemake.input.second],
            weights_path=snakemake.output.weights,
            law=snakemake.wildcards.origin,
            settings=snakemake.params.settings,
            stream_index=snakemake.params.stream_index,
            study_seed=snakemake.params.study_seed,
        )

"""One shard of the Gaussian data that match a class of a source."""

import math

import numpy as np
from tqdm import tqdm

from gaussianity.errors import InputError
from gaussianity.files import write_npz
from gaussianity.gaussian import from_covariance, from_rows, normals, uses_rows
from gaussianity.images import read_images, read_rows
from gaussianity.moments import read_moments

TILE = 2048  # samples held at a time
ROWS = 512  # rows of the class held at a time


def main(*, moments, shards, images, fitted_index, class_index, bounds, study_seed):
    arrays = read_moments(moments, "count", "mean")
    count, mean = int(arrays["count"]), arrays["mean"]
    streams = (study_seed, fitted_index, class_index)
    shape = read_images(shards[0]).shape[1:]
    if math.prod(shape) != len(mean):
        raise InputError(
            f"{moments}: expected the moments of images {shape} as {shards[0]} has, found those of "
            f"{len(mean)} pixels"
        )
    if uses_rows(count, len(mean)):
        tiles = []
        for start in tqdm(range(*bounds, TILE), desc="tiles", mininterval=5):
            z = normals(*streams, range(start, min(start + TILE, bounds[1])), count, np.float32)
            tiles.append(from_rows(z, mean, read_rows(shards, np.float32, ROWS)))
        samples = tiles.pop() if len(tiles) == 1 else np.concatenate(tiles)
    else:
        z = normals(*streams, range(*bounds), len(mean))
        samples = from_covariance(z, mean, read_moments(moments, "covariance")["covariance"])
    write_npz(images, images=samples.reshape(-1, *shape).astype(np.float32, copy=False))


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            moments=snakemake.input.moments,
            shards=snakemake.input.shards,
            images=snakemake.output.images,
            fitted_index=snakemake.params.fitted_index,
            class_index=snakemake.params.class_index,
            bounds=snakemake.params.bounds,
            study_seed=snakemake.params.study_seed,
        )

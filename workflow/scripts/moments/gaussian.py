"""One shard of the Gaussian data with the moments of a class of a source."""

import math

import numpy as np
from tqdm import tqdm

from gaussianity.errors import InputError
from gaussianity.io.files import map_artifact, write_npz
from gaussianity.io.images import image_shape, read_rows
from gaussianity.moments.gaussian import (
    from_covariance,
    from_rows,
    normals,
    normals_needed,
    shrunk_from_rows,
    uses_rows,
)
from gaussianity.moments.moments import read_moments
from gaussianity.moments.shrinkage import shrunk

TILE = 2048  # samples in memory at a time
ROWS = 512  # rows of the class in memory at a time


def main(*, moments_path, shard_paths, images_path, fitted_index, class_index, bounds, study_seed):
    arrays = read_moments(moments_path, "count", "mean", "shrinkage")
    count, mean, shrinkage = int(arrays["count"]), arrays["mean"], float(arrays["shrinkage"])
    streams = (study_seed, fitted_index, class_index)
    shape = image_shape(shard_paths[0])
    if math.prod(shape) != len(mean):
        raise InputError(
            f"{moments_path}: expected the moments of images {shape} as {shard_paths[0]} has, "
            f"found those of {len(mean)} pixels"
        )
    if uses_rows(count, len(mean)):
        tiles, size = [], normals_needed(count, len(mean), shrinkage)
        variance = (
            np.trace(map_artifact(moments_path, "covariance")) / len(mean) if shrinkage else 0.0
        )
        for start in tqdm(range(*bounds, TILE), desc="tiles", mininterval=5):
            z = normals(*streams, range(start, min(start + TILE, bounds[1])), size, np.float32)
            rows = read_rows(shard_paths, np.float32, ROWS)
            if shrinkage:
                tiles.append(shrunk_from_rows(z, mean, rows, shrinkage, variance))
            else:
                tiles.append(from_rows(z, mean, rows))
        samples = tiles.pop() if len(tiles) == 1 else np.concatenate(tiles)
    else:
        z = normals(*streams, range(*bounds), len(mean))
        covariance = shrunk(read_moments(moments_path, "covariance")["covariance"], shrinkage)
        samples = from_covariance(z, mean, covariance)
    write_npz(images_path, images=samples.reshape(-1, *shape).astype(np.float32, copy=False))


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            moments_path=snakemake.input.moments,
            shard_paths=snakemake.input.shards,
            images_path=snakemake.output.images,
            fitted_index=snakemake.params.fitted_index,
            class_index=snakemake.params.class_index,
            bounds=snakemake.params.bounds,
            study_seed=snakemake.params.study_seed,
        )

"""One shard of the Gaussian data that match a class of a source."""

import numpy as np

from gaussianity.files import read_npz, write_npz
from gaussianity.gaussian import from_covariance, from_rows, normals, normals_needed, uses_rows
from gaussianity.images import read_images, read_rows


def main(*, moments, shards, images, source_index, class_index, bounds, study_seed):
    arrays = read_npz(moments, "count", "mean")
    count, mean = int(arrays["count"]), arrays["mean"]
    size = normals_needed(count, len(mean))
    z = normals(study_seed, source_index, class_index, range(*bounds), size)
    if uses_rows(count, len(mean)):
        samples = from_rows(z, mean, read_rows(shards))
    else:
        samples = from_covariance(z, mean, read_npz(moments, "covariance")["covariance"])
    shape = read_images(shards[0]).shape[1:]
    write_npz(images, images=samples.reshape(-1, *shape).astype(np.float32))


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            moments=snakemake.input.moments,
            shards=snakemake.input.shards,
            images=snakemake.output.images,
            source_index=snakemake.params.source_index,
            class_index=snakemake.params.class_index,
            bounds=snakemake.params.bounds,
            study_seed=snakemake.params.study_seed,
        )

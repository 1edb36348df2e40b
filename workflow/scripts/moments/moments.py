"""Mean and covariance of one class of an origin, with one shard in memory at a time."""

from gaussianity.io.files import write_npz
from gaussianity.io.images import read_images, read_rows
from gaussianity.moments.moments import image_moments
from gaussianity.moments.shrinkage import ledoit_wolf

ROWS = 512  # rows in memory at a time


def main(*, shard_paths, moments_path, covariance):
    total = image_moments(read_images(path) for path in shard_paths)
    shrinkage = 0.0
    if covariance == "ledoit_wolf":
        shrinkage = ledoit_wolf(total, read_rows(shard_paths, at_most=ROWS))
    write_npz(
        moments_path,
        count=total.count,
        mean=total.mean,
        shrinkage=shrinkage,
        covariance=total.into_covariance(),
    )


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.input.shards,
            moments_path=snakemake.output.moments,
            covariance=snakemake.params.covariance,
        )

"""Mean and covariance of one class of an origin, one shard in memory at a time."""

from gaussianity.files import write_npz
from gaussianity.images import read_images
from gaussianity.moments import of_images


def main(*, shards, moments):
    total = of_images(read_images(path) for path in shards)
    write_npz(moments, count=total.count, mean=total.mean, covariance=total.into_covariance())


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(shards=snakemake.input.shards, moments=snakemake.output.moments)

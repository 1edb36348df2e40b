"""Figure of the norms of all images per class and origin, with its table."""

import itertools

from gaussianity.drawing import style
from gaussianity.io.images import read_rows
from gaussianity.moments.figures import norms
from gaussianity.moments.norms import norm_statistics, row_norms


def main(*, shard_paths, classes, origins, counts, files):
    """`counts` are the numbers of shards of each class of each origin."""
    remaining = iter(shard_paths)
    found = {
        (image_class, origin): row_norms(read_rows(itertools.islice(remaining, count), at_most=512))
        for image_class in classes
        for origin, count in zip(origins, counts, strict=True)
    }
    style.save(norms.draw(found), norm_statistics(found), **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.input.shards,
            classes=snakemake.params.classes,
            origins=snakemake.params.origins,
            counts=snakemake.params.counts,
            files=figure_outputs(snakemake.output),
        )

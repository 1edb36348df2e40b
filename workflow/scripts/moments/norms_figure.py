"""Figure of the norms of all images per class and origin, with its table."""

import itertools

from gaussianity.figures import norms as figure
from gaussianity.figures import style
from gaussianity.images import read_rows
from gaussianity.norms import norms


def main(*, shard_paths, classes, origins, counts, figure_paths):
    """counts - number of shards of each class of each origin."""
    remaining = iter(shard_paths)
    found = {
        (image_class, origin): norms(read_rows(itertools.islice(remaining, count), at_most=512))
        for image_class in classes
        for origin, count in zip(origins, counts, strict=True)
    }
    style.save(figure.draw(found), figure.table(found), **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.input.shards,
            classes=snakemake.params.classes,
            origins=snakemake.params.origins,
            counts=snakemake.params.counts,
            figure_paths=figure_outputs(snakemake.output),
        )

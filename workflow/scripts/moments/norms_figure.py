"""Figure of the norms of all images per class and origin, with its table."""

from gaussianity.drawing import style
from gaussianity.io.images import read_rows
from gaussianity.moments.figures import norms
from gaussianity.moments.norms import norm_statistics, row_norms


def main(*, shard_paths, figure_paths):
    """shard_paths - lists by (class, origin)."""
    found = {key: row_norms(read_rows(paths, at_most=512)) for key, paths in shard_paths.items()}
    style.save(norms.draw(found), norm_statistics(found), **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.params.shards,
            figure_paths=figure_outputs(snakemake),
        )

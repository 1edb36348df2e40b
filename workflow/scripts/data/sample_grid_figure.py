"""Figure of images of every class from each origin, and its table."""

from gaussianity.data.figures import sample_grid
from gaussianity.drawing import style
from gaussianity.io.images import read_images, rows


def main(*, shard_paths, shown, figure_paths):
    """shard_paths - by (class, origin)."""
    images = {}
    for (image_class, origin), path in shard_paths.items():
        first = read_images(path)[:shown]
        images.setdefault(origin, {})[image_class] = rows(first).reshape(first.shape)
    style.save(sample_grid.draw(images), sample_grid.table(images), **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.params.shards,
            shown=snakemake.params.shown,
            figure_paths=figure_outputs(snakemake),
        )

"""Figure of images of every class from each origin, with its table."""

from itertools import product

from gaussianity.figures import sample_grid, style
from gaussianity.images import read_images, rows


def main(*, shard_paths, classes, origins, shown, figure_paths):
    images = {origin: {} for origin in origins}
    for path, (image_class, origin) in zip(shard_paths, product(classes, origins), strict=True):
        first = read_images(path)[:shown]
        images[origin][image_class] = rows(first).reshape(first.shape)
    style.save(sample_grid.draw(images), sample_grid.table(images), **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.input.shards,
            classes=snakemake.params.classes,
            origins=snakemake.params.origins,
            shown=snakemake.params.shown,
            figure_paths=figure_outputs(snakemake.output),
        )

"""Figure of images of every class from each origin, and its table."""

from itertools import product

from gaussianity.data.figures import sample_grid
from gaussianity.drawing import style
from gaussianity.io.images import read_images, rows


def main(*, shards, classes, origins, shown, files):
    images = {origin: {} for origin in origins}
    for path, (image_class, origin) in zip(shards, product(classes, origins), strict=True):
        first = read_images(path)[:shown]
        images[origin][image_class] = rows(first).reshape(first.shape)
    style.save(sample_grid.draw(images), sample_grid.table(images), **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            shards=snakemake.input.shards,
            classes=snakemake.params.classes,
            origins=snakemake.params.origins,
            shown=snakemake.params.shown,
            files=figure_outputs(snakemake.output),
        )

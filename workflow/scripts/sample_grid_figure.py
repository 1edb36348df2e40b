"""Figure of images of every class from each origin, with its table."""

from gaussianity.figures import sample_grid, style
from gaussianity.images import read_images, rows


def main(*, shards, labels, shown, files):
    images = {}
    for path, label in zip(shards, labels, strict=True):
        images_shown = read_images(path)[:shown]
        unit = rows(images_shown).reshape(images_shown.shape)
        images.setdefault(label["origin"], {})[label["image_class"]] = unit
    style.save(sample_grid.draw(images), sample_grid.table(images), **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            shards=snakemake.input.shards,
            labels=snakemake.params.labels,
            shown=snakemake.params.shown,
            files=figure_outputs(snakemake.output),
        )

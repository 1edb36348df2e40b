"""Draw the figure "normality_pictures" and write its table."""

from gaussianity.distribution.figures import normality_pictures
from gaussianity.distribution.pictures.stored_pictures import restored
from gaussianity.drawing import style
from gaussianity.io.files import read_artifact


def main(*, pictures_paths, shown, image_shape, figure_paths):
    """pictures_paths - by (source, class); shown - classes that are drawn; the table has all."""
    pictures = {key: restored(read_artifact(path)) for key, path in pictures_paths.items()}
    drawn = {key: each for key, each in pictures.items() if key[1] in shown}
    figure = normality_pictures.draw(drawn, image_shape)
    style.save(figure, normality_pictures.table(pictures), **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            pictures_paths=snakemake.params.pictures,
            shown=snakemake.params.shown,
            image_shape=snakemake.params.image_shape,
            figure_paths=figure_outputs(snakemake),
        )

"""Figure of images beside their Gaussian twins, with the table of what the twins explain."""

from gaussianity.drawing import style
from gaussianity.io.files import read_artifact, read_tables
from gaussianity.linear.figures import linear_twins
from gaussianity.linear.twin_summary import twin_summary


def main(*, twins_path, pictures_path, shown, image_shape, figure_paths):
    figure = linear_twins.draw(read_artifact(pictures_path), shown, image_shape)
    style.save(figure, twin_summary(read_tables([twins_path])), **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            twins_path=snakemake.input.twins,
            pictures_path=snakemake.input.pictures,
            shown=snakemake.params.shown,
            image_shape=snakemake.params.image_shape,
            figure_paths=figure_outputs(snakemake),
        )

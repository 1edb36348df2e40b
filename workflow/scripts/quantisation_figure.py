"""Figure of what storage in 8 bits does to the eigenvalues of the covariance, with its table."""

from gaussianity.figures import quantisation, style
from gaussianity.images import read_images


def main(*, images, image_class, files):
    drawn = quantisation.table(read_images(images))
    style.save(quantisation.draw(drawn, image_class), drawn, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            images=snakemake.input.images,
            image_class=snakemake.params.image_class,
            files=figure_outputs(snakemake.output),
        )

"""Figure of the effect of 8-bit storage on the covariance's eigenvalues, with its table."""

from gaussianity.drawing import style
from gaussianity.errors import InputError
from gaussianity.io.images import read_images
from gaussianity.moments.figures import quantisation
from gaussianity.moments.quantisation import stored_eigenvalues


def main(*, images_path, image_class, figure_paths):
    try:
        drawn = stored_eigenvalues(read_images(images_path))
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{images_path}: {error}") from None
    style.save(quantisation.draw(drawn, image_class), drawn, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            images_path=snakemake.input.images,
            image_class=snakemake.params.image_class,
            figure_paths=figure_outputs(snakemake),
        )

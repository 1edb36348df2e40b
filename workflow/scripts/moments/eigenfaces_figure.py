"""Figure of mean images and leading eigenvectors, with its table."""

from gaussianity.drawing import style
from gaussianity.errors import InputError
from gaussianity.moments.figures import eigenfaces
from gaussianity.moments.moments import read_moments
from gaussianity.moments.principal import leading_eigenvectors


def main(*, moments_paths, shown, eigenvectors, image_shape, figure_paths):
    """moments_paths - by (class, source); shown - classes that are drawn; the table has all."""
    faces = {}
    for key, path in moments_paths.items():
        arrays = read_moments(path, "mean", "covariance")
        values, vectors = leading_eigenvectors(arrays["covariance"], eigenvectors)
        try:
            images = [part.reshape(-1, *image_shape) for part in (arrays["mean"], vectors)]
        except ValueError:
            raise InputError(
                f"{path}: expected moments of images of the shape {tuple(image_shape)}, found a "
                f"mean of length {len(arrays['mean'])}"
            ) from None
        faces[key] = dict(
            mean=images[0][0],
            vectors=images[1],
            eigenvalues=values,
            trace=float(arrays["covariance"].trace()),
        )
    summary = eigenfaces.table(faces)
    drawn = {key: face for key, face in faces.items() if key[0] in shown}
    style.save(eigenfaces.draw(drawn, summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            moments_paths=snakemake.params.moments,
            shown=snakemake.params.shown,
            eigenvectors=snakemake.params.eigenvectors,
            image_shape=snakemake.params.image_shape,
            figure_paths=figure_outputs(snakemake),
        )

"""Covariance eigenvalues of one class of an origin, with their power law."""

import numpy as np

from gaussianity.errors import InputError
from gaussianity.io.files import write_table
from gaussianity.io.images import read_rows
from gaussianity.moments.spectra import covariance_eigenvalues, power_law


def main(*, shard_paths, spectra_path, origin, image_class, per_class, fit_ranks):
    try:
        values = covariance_eigenvalues(read_rows(shard_paths), per_class)
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{', '.join(shard_paths)}: {error} images in these files") from None
    try:
        fit = power_law(values, fit_ranks)
    except ValueError as error:
        raise InputError(
            f"config: spectra.fit_ranks {list(fit_ranks)}: {error} in class {image_class} of "
            f"{origin}; widen them or take more images per class"
        ) from None
    columns = dict(rank=np.arange(1, len(values) + 1), eigenvalue=values)
    write_table(spectra_path, columns, origin=origin, image_class=image_class, **fit)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            shard_paths=snakemake.input.shards,
            spectra_path=snakemake.output.spectra,
            origin=snakemake.wildcards.origin,
            image_class=snakemake.params.image_class,
            per_class=snakemake.params.per_class,
            fit_ranks=snakemake.params.fit_ranks,
        )

"""Measure how functionals of the images of one class of a population concentrate."""

import numpy as np

from gaussianity.errors import InputError
from gaussianity.io.files import write_table
from gaussianity.io.images import read_chosen_rows, read_rows, rows_after
from gaussianity.streams import stream
from gaussianity.universality.concentration import GRID, ratios, survival
from gaussianity.universality.functionals import class_functionals

ROWS = 512  # rows in memory at a time


def main(*, image_paths, table_paths, population, image_class, indices, settings, study_seed):
    """table_paths - of ratios and survival; indices - of the population and the class."""
    count = settings["anchors"]
    anchors = read_chosen_rows(image_paths, np.arange(count))

    def others():
        return rows_after(count, read_rows(image_paths, at_most=ROWS))

    generator = stream(study_seed, "concentration", *indices)
    try:
        functionals, largest = class_functionals(
            others,
            anchors,
            projections=settings["projections"],
            fixed=stream(study_seed, "functionals"),
            start=generator,
        )
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{', '.join(image_paths)}: {error}") from None
    values, names = functionals.values_of(others()), functionals.names
    labels = dict(population=population, image_class=image_class)
    write_table(
        table_paths["ratios"],
        dict(functional=names, **ratios(values, largest, settings["bootstrap"], generator)),
        **labels,
        images=len(values),
        lambda_max=float(largest),
    )
    beyond = dict(zip(names, survival(values, largest).T, strict=True))
    write_table(table_paths["survival"], dict(t=GRID, **beyond), **labels)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            image_paths=snakemake.input.images,
            table_paths=dict(ratios=snakemake.output.ratios, survival=snakemake.output.survival),
            population=snakemake.wildcards.population,
            image_class=snakemake.params.image_class,
            indices=snakemake.params.indices,
            settings=snakemake.params.settings,
            study_seed=snakemake.params.study_seed,
        )

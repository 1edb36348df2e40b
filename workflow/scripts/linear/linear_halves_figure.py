"""Figure of the agreement of the denoisers of two halves, with its table."""

import pandas as pd

from gaussianity.drawing import style
from gaussianity.io.files import read_artifact, read_tables
from gaussianity.linear.figures import linear_halves
from gaussianity.linear.halves.half_summary import HalfTables, agreement_table, noise_table


def main(*, paths, sigmas, figure_paths):
    """paths - of products, distances, spectra and pictures; sigmas - noise levels of the curve."""
    tables = HalfTables(*(read_tables([paths[n]]) for n in ("products", "distances", "spectra")))
    summary, noise = agreement_table(tables), noise_table(tables, sigmas)
    figure = linear_halves.draw(summary, noise, tables, read_artifact(paths["pictures"]))
    style.save(figure, pd.concat([summary, noise], ignore_index=True), **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        names = ("products", "distances", "spectra", "pictures")
        main(
            paths={name: snakemake.input[name] for name in names},
            sigmas=snakemake.params.sigmas,
            figure_paths=figure_outputs(snakemake),
        )

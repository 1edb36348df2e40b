"""Figure of the covariance spectra per class, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.moments.figures import spectra


def main(*, spectra_paths, figure_paths):
    drawn = spectra.table(read_tables(spectra_paths))
    style.save(spectra.draw(drawn), drawn, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            spectra_paths=snakemake.input.spectra,
            figure_paths=figure_outputs(snakemake),
        )

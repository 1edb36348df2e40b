"""Figure of the covariance spectra per class, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.moments.figures import spectra


def main(*, spectra_paths, files):
    drawn = spectra.table(read_tables(spectra_paths))
    style.save(spectra.draw(drawn), drawn, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            spectra_paths=snakemake.input.spectra,
            files=figure_outputs(snakemake.output),
        )

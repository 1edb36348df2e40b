"""Figure of the covariance spectra per class, with its table."""

from gaussianity.figures import spectra, style
from gaussianity.files import read_labelled_tables


def main(*, spectra_files, labels, files):
    drawn = spectra.table(read_labelled_tables(spectra_files, labels))
    style.save(spectra.draw(drawn), drawn, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            spectra_files=snakemake.input.spectra,
            labels=snakemake.params.labels,
            files=figure_outputs(snakemake.output),
        )

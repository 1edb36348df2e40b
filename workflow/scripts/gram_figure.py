"""Figure of the Gram spectra per subset, with its table."""

from gaussianity.figures import gram, style
from gaussianity.files import read_labelled_tables


def main(*, gram_files, labels, files):
    drawn = gram.table(read_labelled_tables(gram_files, labels))
    style.save(gram.draw(drawn), drawn, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            gram_files=snakemake.input.gram,
            labels=snakemake.params.labels,
            files=figure_outputs(snakemake.output),
        )

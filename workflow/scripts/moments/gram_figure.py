"""Figure of the Gram spectra per subset, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.moments.figures import gram


def main(*, gram_paths, figure_paths):
    drawn = gram.table(read_tables(gram_paths))
    style.save(gram.draw(drawn), drawn, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            gram_paths=snakemake.input.gram,
            figure_paths=figure_outputs(snakemake),
        )

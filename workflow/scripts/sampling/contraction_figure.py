"""Figure of where the sampler's steps expand, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.sampling.figures import contraction


def main(*, contractions, files):
    summary = contraction.table(read_tables(contractions))
    style.save(contraction.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            contractions=snakemake.input.contractions,
            files=figure_outputs(snakemake.output),
        )

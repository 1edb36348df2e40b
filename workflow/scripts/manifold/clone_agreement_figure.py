"""Figure of how often clones agree, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.manifold.figures import clone_agreement


def main(*, speciations, curves, clones, files):
    summary = clone_agreement.table(*map(read_tables, (speciations, curves, clones)))
    style.save(clone_agreement.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            speciations=snakemake.input.speciations,
            curves=snakemake.input.curves,
            clones=snakemake.input.clones,
            files=figure_outputs(snakemake.output),
        )

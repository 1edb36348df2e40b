"""Figure of how often clones agree, with its table."""

from gaussianity.figures import clone_agreement, style
from gaussianity.files import read_tables


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

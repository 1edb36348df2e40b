"""Figure of the share of clones that agree, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.manifold.figures import clone_agreement
from gaussianity.manifold.measured.agreement import agreement_table


def main(*, speciation_paths, curve_paths, clone_paths, figure_paths):
    summary = agreement_table(*map(read_tables, (speciation_paths, curve_paths, clone_paths)))
    style.save(clone_agreement.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            speciation_paths=snakemake.input.speciations,
            curve_paths=snakemake.input.curves,
            clone_paths=snakemake.input.clones,
            figure_paths=figure_outputs(snakemake),
        )

"""Figure of learnt subspaces beside the classes' leading eigenvectors, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.molrg.figures import class_subspaces


def main(*, subspaces, clusters, files):
    summary = class_subspaces.table(read_tables(subspaces), read_tables(clusters))
    style.save(class_subspaces.draw(summary, read_tables(clusters)), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            subspaces=snakemake.input.subspaces,
            clusters=snakemake.input.clusters,
            files=figure_outputs(snakemake.output),
        )

"""Figure of learnt subspaces compared with the classes' eigenvectors, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.molrg.figures import class_subspaces


def main(*, subspaces_paths, clusters_paths, figure_paths):
    summary = class_subspaces.table(read_tables(subspaces_paths), read_tables(clusters_paths))
    style.save(class_subspaces.draw(summary, read_tables(clusters_paths)), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            subspaces_paths=snakemake.input.subspaces,
            clusters_paths=snakemake.input.clusters,
            figure_paths=figure_outputs(snakemake),
        )

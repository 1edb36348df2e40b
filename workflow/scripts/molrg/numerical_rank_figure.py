"""Figure of the numerical rank of denoisers' Jacobians against the noise, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.molrg.figures import numerical_rank
from gaussianity.molrg.rank_summary import rank_summary


def main(*, mixture_path, class_paths, figure_paths):
    of_classes = read_tables(class_paths) if class_paths else None
    summary = rank_summary(read_tables([mixture_path]), of_classes)
    style.save(numerical_rank.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            mixture_path=snakemake.input.mixture,
            class_paths=snakemake.input.classes,
            figure_paths=figure_outputs(snakemake),
        )

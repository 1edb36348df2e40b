"""Figure of the numerical rank of denoisers' Jacobians against the noise, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.molrg.figures import numerical_rank


def main(*, mixture, classes, files):
    of_classes = read_tables(classes) if classes else None
    summary = numerical_rank.table(read_tables([mixture]), of_classes)
    style.save(numerical_rank.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            mixture=snakemake.input.mixture,
            classes=snakemake.input.classes,
            files=figure_outputs(snakemake.output),
        )

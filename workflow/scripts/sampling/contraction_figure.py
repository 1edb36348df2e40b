"""Figure of the steps' local Lipschitz constants, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.sampling.contraction_summary import contraction_summary
from gaussianity.sampling.figures import contraction


def main(*, contraction_paths, figure_paths):
    summary = contraction_summary(read_tables(contraction_paths))
    style.save(contraction.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            contraction_paths=snakemake.input.contractions,
            figure_paths=figure_outputs(snakemake),
        )

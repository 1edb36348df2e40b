"""Figure of a denoiser's linear fit along principal directions, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.linear.figures import linear_shrinkage
from gaussianity.linear.split_summary import reasons, shrinkage_summary


def main(*, split_path, shrinkage_path, figure_paths):
    summary = shrinkage_summary(read_tables([shrinkage_path]))
    style.save(
        linear_shrinkage.draw(summary, reasons(read_tables([split_path]))), summary, **figure_paths
    )


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            split_path=snakemake.input.split,
            shrinkage_path=snakemake.input.shrinkage,
            figure_paths=figure_outputs(snakemake),
        )

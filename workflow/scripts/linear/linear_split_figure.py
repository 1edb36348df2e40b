"""Figure of the three parts of a denoiser, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.linear.figures import linear_split
from gaussianity.linear.split_summary import reasons, split_summary


def main(*, split_path, figure_paths):
    summary = split_summary(read_tables([split_path]))
    style.save(
        linear_split.draw(summary, reasons(read_tables([split_path]))), summary, **figure_paths
    )


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            split_path=snakemake.input.split,
            figure_paths=figure_outputs(snakemake),
        )

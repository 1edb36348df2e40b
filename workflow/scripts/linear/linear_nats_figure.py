"""Figure of what references leave of a denoiser at every noise level, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.linear.figures import linear_nats
from gaussianity.linear.level_summary import level_summary


def main(*, levels_path, figure_paths):
    summary = level_summary(read_tables([levels_path]))
    style.save(linear_nats.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(levels_path=snakemake.input.levels, figure_paths=figure_outputs(snakemake))

"""Figure of the norm's decrease along the sampler, with its table."""

from gaussianity.figures import norm_contraction, style
from gaussianity.files import read_tables


def main(*, trajectories, classes, shown, files):
    steps = norm_contraction.decreases(read_tables(trajectories))
    summary = norm_contraction.table(steps)
    style.save(norm_contraction.draw(steps, summary, classes, shown), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            trajectories=snakemake.input.trajectories,
            classes=snakemake.params.classes,
            shown=snakemake.params.shown,
            files=figure_outputs(snakemake.output),
        )

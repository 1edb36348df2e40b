"""Figure of the norm's decrease along the sampler, with its table."""

import pandas as pd

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.sampling.figures import norm_contraction
from gaussianity.sampling.norms import decrease_moments, decrease_summary, norm_decreases

NORMS = ("image_class", "seed", "step", "sigma", "x_norm")


def main(*, trajectory_paths, classes, shown, figure_paths):
    partials, kept, held = [], [], dict.fromkeys(classes, 0)
    for path in trajectory_paths:
        steps = norm_decreases(read_tables([path], *NORMS))
        partials.append(decrease_moments(steps))
        image_class, seeds = steps["image_class"][0], steps["seed"].unique()
        wanted = seeds[: shown - held[image_class]] if image_class in held else []
        if len(wanted):
            held[image_class] += len(wanted)
            kept.append(steps[steps["seed"].isin(wanted)])
    summary = decrease_summary(partials)
    drawn = norm_contraction.draw(pd.concat(kept), summary, classes, shown)
    style.save(drawn, summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            trajectory_paths=snakemake.input.trajectories,
            classes=snakemake.params.classes,
            shown=snakemake.params.shown,
            figure_paths=figure_outputs(snakemake),
        )

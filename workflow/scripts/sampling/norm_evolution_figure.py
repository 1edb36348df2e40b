"""Figure of one image and the norms of all images along the sampler, with its table."""

import pandas as pd

from gaussianity.drawing import style
from gaussianity.io.files import read_artifact, read_tables
from gaussianity.sampling.figures import norm_evolution
from gaussianity.sampling.norms import NORMS, norm_quantiles


def main(*, trajectory_paths, snapshots_path, image_class, figure_paths):
    kept = read_artifact(snapshots_path, "x", "denoised", "step", "sigma")
    columns, parts = ("step", "sigma", *NORMS), []
    for path in trajectory_paths:
        norms = read_tables([path], *columns)
        parts.append(norms[norms["step"].isin(kept["step"])])
    schedule = norms[["step", "sigma"]].drop_duplicates()
    shown = pd.concat(parts, ignore_index=True)
    table = norm_quantiles(shown, kept["step"])
    style.save(norm_evolution.draw(shown, schedule, kept, image_class), table, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            trajectory_paths=snakemake.input.trajectories,
            snapshots_path=snakemake.input.snapshots,
            image_class=snakemake.params.image_class,
            figure_paths=figure_outputs(snakemake),
        )

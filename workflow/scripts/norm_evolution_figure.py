"""Figure of one image and all norms along the sampler, with its table."""

from gaussianity.figures import norm_evolution, style
from gaussianity.files import read_artifact, read_tables


def main(*, trajectories, snapshots, image_class, files):
    trajectory = read_tables(trajectories)
    kept = read_artifact(snapshots, "x", "denoised", "step", "sigma")
    table = norm_evolution.table(trajectory, kept["step"])
    style.save(norm_evolution.draw(trajectory, kept, image_class), table, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            trajectories=snakemake.input.trajectories,
            snapshots=snakemake.input.snapshots,
            image_class=snakemake.params.image_class,
            files=figure_outputs(snakemake.output),
        )

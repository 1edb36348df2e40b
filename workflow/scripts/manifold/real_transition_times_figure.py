"""Figure of the transition times of real images, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.manifold.figures import real_transition_times
from gaussianity.manifold.measured.image_times import agreement_samples, time_table
from gaussianity.manifold.measured.image_weights import read_normals
from gaussianity.manifold.theory.two_classes import TwoClasses
from gaussianity.streams import stream


def main(
    *,
    weights_paths,
    clone_paths,
    posterior_path,
    moments_paths,
    replicates,
    study_seed,
    figure_paths,
):
    weights = {score: read_tables([path]) for score, path in weights_paths.items()}
    clones = {score: read_tables([path]) for score, path in clone_paths.items()}
    measured = agreement_samples(weights, clones, read_tables([posterior_path]))
    means, covariances, counts = read_normals(moments_paths)
    summary = time_table(
        measured,
        TwoClasses.of_moments(means, covariances, counts),
        clones,
        replicates=replicates,
        generator=stream(study_seed, "real_times"),
    )
    style.save(real_transition_times.draw(measured, summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            weights_paths=dict(zip(snakemake.params.laws, snakemake.input.weights, strict=True)),
            clone_paths=dict(zip(snakemake.params.denoisers, snakemake.input.clones, strict=True)),
            posterior_path=snakemake.input.posterior,
            moments_paths=snakemake.input.moments,
            replicates=snakemake.params.replicates,
            study_seed=snakemake.params.study_seed,
            figure_paths=figure_outputs(snakemake),
        )

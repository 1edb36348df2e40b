"""Figure of the transition times of real images, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.manifold.figures import real_transition_times
from gaussianity.manifold.measured.image_times import agreement_samples, time_table
from gaussianity.manifold.measured.image_weights import read_normals
from gaussianity.manifold.theory.two_classes import TwoClasses
from gaussianity.streams import stream


def main(*, weights, clones, posterior, moments, replicates, study_seed, files):
    laws = {law: read_tables([path]) for law, path in weights.items()}
    cloned = {law: read_tables([path]) for law, path in clones.items()}
    measured = agreement_samples(laws, cloned, read_tables([posterior]))
    means, covariances, counts = read_normals(moments)
    summary = time_table(
        measured,
        TwoClasses.of_moments(means, covariances, counts),
        cloned,
        replicates=replicates,
        generator=stream(study_seed, "real_times"),
    )
    style.save(real_transition_times.draw(measured, summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            weights=dict(zip(snakemake.params.laws, snakemake.input.weights, strict=True)),
            clones=dict(zip(snakemake.params.denoisers, snakemake.input.clones, strict=True)),
            posterior=snakemake.input.posterior,
            moments=snakemake.input.moments,
            replicates=snakemake.params.replicates,
            study_seed=snakemake.params.study_seed,
            files=figure_outputs(snakemake.output),
        )

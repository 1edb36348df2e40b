"""Random scores of so many normal images and of their subsamples, and the power they give."""

from gaussianity.distribution.null import arrays_of
from gaussianity.distribution.power.alternatives import known_power
from gaussianity.distribution.power.power import nulls_of
from gaussianity.io.files import write_npz, write_table
from gaussianity.streams import stream


def main(*, null_path, known_power_path, images, directions, draws, study_seed):
    generator = stream(study_seed, "normality_null", images, 0)
    nulls = nulls_of(images, directions, draws, generator)
    write_npz(null_path, **arrays_of(nulls.values()))
    drawn = stream(study_seed, "normality_alternatives", images)
    # A tenth of the draws gives a share of rejected sets to a few hundredths.
    write_table(known_power_path, known_power(nulls[images], drawn, sets=-(-draws // 10)))


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            null_path=snakemake.output.null,
            known_power_path=snakemake.output.known_power,
            images=int(snakemake.wildcards.images),
            directions=snakemake.params.directions,
            draws=snakemake.params.draws,
            study_seed=snakemake.params.study_seed,
        )

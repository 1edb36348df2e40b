"""Figure of the verdict on each source, with its table and a sentence per subset."""

from gaussianity.figures import style, verdict
from gaussianity.files import read_tables, write_csv
from gaussianity.streams import stream


def main(*, scores, margin, level, study_seed, sentences, files):
    generator = stream(study_seed, "verdict")
    summary = verdict.table(read_tables(scores), margin=margin, level=level, generator=generator)
    write_csv(sentences, verdict.sentences(summary, margin))
    style.save(verdict.draw(summary, margin), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            scores=snakemake.input.scores,
            margin=snakemake.params.verdict["margin"],
            level=snakemake.params.verdict["level"],
            study_seed=snakemake.params.study_seed,
            sentences=snakemake.output.sentences,
            files=figure_outputs(snakemake.output),
        )

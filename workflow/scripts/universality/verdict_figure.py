"""Figure of the verdict on each source, with its table and a sentence per subset."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables, write_csv
from gaussianity.streams import stream
from gaussianity.universality import verdict
from gaussianity.universality.figures import verdict as figure


def main(*, scores, images_per_pixel, margin, level, selection, study_seed, sentences, files):
    measured = read_tables(scores)
    if selection == "test":  # flatters every arm alike only where all are tested on those images
        measured["exact_accuracy"] = float("nan")
    summary = verdict.table(
        measured,
        images_per_pixel,
        margin=margin,
        level=level,
        generator=stream(study_seed, "verdict"),
    )
    write_csv(sentences, verdict.sentences(summary, margin))
    style.save(figure.draw(summary, margin), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            scores=snakemake.input.scores,
            images_per_pixel=snakemake.params.images_per_pixel,
            margin=snakemake.params.verdict["margin"],
            level=snakemake.params.verdict["level"],
            selection=snakemake.params.selection,
            study_seed=snakemake.params.study_seed,
            sentences=snakemake.output.sentences,
            files=figure_outputs(snakemake.output),
        )

"""Draw the figure "verdict" and write its table and one sentence per subset."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables, write_csv
from gaussianity.streams import stream
from gaussianity.universality import verdict
from gaussianity.universality.figures import verdict as figure


def main(
    *,
    score_paths,
    images_per_pixel,
    margin,
    level,
    selection,
    study_seed,
    sentences_path,
    figure_paths,
):
    measured = read_tables(score_paths)
    if selection == "test":
        # The choice on test images raises the accuracies on these, with which exact accuracies
        # cannot be compared.
        measured["exact_accuracy"] = float("nan")
    summary = verdict.table(
        measured,
        images_per_pixel,
        margin=margin,
        level=level,
        generator=stream(study_seed, "verdict"),
    )
    write_csv(sentences_path, verdict.sentences(summary, margin))
    style.save(figure.draw(summary, margin), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            score_paths=snakemake.input.scores,
            images_per_pixel=snakemake.params.images_per_pixel,
            margin=snakemake.params.verdict["margin"],
            level=snakemake.params.verdict["level"],
            selection=snakemake.params.selection,
            study_seed=snakemake.params.study_seed,
            sentences_path=snakemake.output.sentences,
            figure_paths=figure_outputs(snakemake.output),
        )

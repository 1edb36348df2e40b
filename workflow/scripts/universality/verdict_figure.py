"""Draw the figure "verdict" and write its table, a headline and one sentence per subset."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables, write_csv
from gaussianity.streams import stream
from gaussianity.universality.figures import verdict as figure
from gaussianity.universality.verdict import verdict
from gaussianity.universality.verdict.verdict_sentences import sentences


def main(*, score_paths, designs, settings, selection, study_seed, sentences_path, figure_paths):
    summary = verdict.table(
        read_tables(score_paths),
        designs,
        **settings,
        selection=selection,
        generator=stream(study_seed, "verdict"),
    )
    write_csv(sentences_path, sentences(summary, settings["margin"]))
    style.save(figure.draw(summary, settings["margin"]), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            score_paths=snakemake.input.scores,
            designs=snakemake.params.designs,
            settings=snakemake.params.verdict,
            selection=snakemake.params.selection,
            study_seed=snakemake.params.study_seed,
            sentences_path=snakemake.output.sentences,
            figure_paths=figure_outputs(snakemake),
        )

"""Draw the figure "comparison", write its table, a row per pair of sources, and its sentences."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables, write_csv
from gaussianity.report.tables import read_columns
from gaussianity.universality.figures import comparison as figure
from gaussianity.universality.verdict import comparison
from gaussianity.universality.verdict.closest_source import sentences


def mean_distances(paths):
    """Mean distance from normality over the classes of each source; none without a table."""
    for path in paths:
        measured = read_columns(path, ["source", "kind", "distance"])
        images = measured[measured["kind"] == "images"]
        return images.groupby("source")["distance"].mean().to_dict()
    return {}


def main(
    *,
    score_paths,
    normality_paths,
    primary_loss,
    level,
    margin,
    matched,
    sentences_path,
    figure_paths,
):
    compared = comparison.table(
        read_tables(score_paths),
        primary_loss=primary_loss,
        level=level,
        margin=margin,
        matched=[tuple(pair) for pair in matched],
        distances=mean_distances(normality_paths),
    )
    write_csv(sentences_path, sentences(compared))
    style.save(figure.draw(compared), compared, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            score_paths=snakemake.input.scores,
            normality_paths=snakemake.input.normality,
            primary_loss=snakemake.params.primary_loss,
            level=snakemake.params.level,
            margin=snakemake.params.margin,
            matched=snakemake.params.matched,
            sentences_path=snakemake.output.sentences,
            figure_paths=figure_outputs(snakemake),
        )

"""Draw the figure "normality" and write its table, and one sentence per source and class."""

from gaussianity.distribution.figures import normality
from gaussianity.distribution.outcome.decisions import decided
from gaussianity.distribution.outcome.sentences import sentences
from gaussianity.drawing import style
from gaussianity.io.files import read_tables, write_csv


def main(*, measured_paths, known_power_paths, rule, left_out, sentences_path, figure_paths):
    """rule - see `decided`; left_out - images per class of each source that has too few."""
    table = decided(read_tables(measured_paths), read_tables(known_power_paths), **rule)
    write_csv(sentences_path, sentences(table, level=rule["level"], left_out=left_out))
    margins = {name: rule[name] for name in ("distance_margin", "accuracy_margin")}
    style.save(normality.draw(table, **margins), table, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            measured_paths=snakemake.input.measured,
            known_power_paths=snakemake.input.known_power,
            rule=snakemake.params.rule,
            left_out=snakemake.params.left_out,
            sentences_path=snakemake.output.sentences,
            figure_paths=figure_outputs(snakemake),
        )

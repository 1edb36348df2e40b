"""Figure of the scores of U-Nets' samples, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.molrg.figures import generalisation


def main(*, mixture_path, image_table_paths, space, figure_paths):
    """image_table_paths - the table of the images' scores in a list, which may be empty."""
    scores = read_tables(image_table_paths) if image_table_paths else None
    summary = generalisation.table(read_tables([mixture_path]), scores)
    style.save(generalisation.draw(summary, space), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            mixture_path=snakemake.input.mixture,
            image_table_paths=snakemake.input.images,
            space=snakemake.params.space,
            figure_paths=figure_outputs(snakemake),
        )

"""Figure of how far U-Nets generate anew, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.molrg.figures import generalisation


def main(*, mixture, images, space, files):
    """images - the table of the images' scores in a list, which may be empty."""
    scores = read_tables(images) if images else None
    summary = generalisation.table(read_tables([mixture]), scores)
    style.save(generalisation.draw(summary, space), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            mixture=snakemake.input.mixture,
            images=snakemake.input.images,
            space=snakemake.params.space,
            files=figure_outputs(snakemake.output),
        )

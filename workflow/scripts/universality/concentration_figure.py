"""Draw the figure "concentration" and write its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.concentration import judged, tails
from gaussianity.universality.figures import concentration


def main(*, ratios_paths, survival_paths, image_class, figure_paths):
    beyond = tails(read_tables([path]) for path in survival_paths)
    drawn = judged(read_tables(ratios_paths), beyond)
    style.save(concentration.draw(drawn, beyond, image_class), drawn, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            ratios_paths=snakemake.input.ratios,
            survival_paths=snakemake.input.survival,
            image_class=snakemake.params.image_class,
            figure_paths=figure_outputs(snakemake),
        )

"""Figure of the tails of 1-Lipschitz functionals, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.concentration import judged, tails
from gaussianity.universality.figures import concentration


def main(*, ratios, survival, image_class, files):
    beyond = tails(read_tables([path]) for path in survival)
    drawn = judged(read_tables(ratios), beyond)
    style.save(concentration.draw(drawn, beyond, image_class), drawn, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            ratios=snakemake.input.ratios,
            survival=snakemake.input.survival,
            image_class=snakemake.params.image_class,
            files=figure_outputs(snakemake.output),
        )

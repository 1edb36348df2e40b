"""Figure of the tails of 1-Lipschitz functionals, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.figures import concentration


def main(*, ratios, survival, image_class, files):
    tails = concentration.tails(read_tables([path]) for path in survival)
    drawn = concentration.table(read_tables(ratios), tails)
    style.save(concentration.draw(drawn, tails, image_class), drawn, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            ratios=snakemake.input.ratios,
            survival=snakemake.input.survival,
            image_class=snakemake.params.image_class,
            files=figure_outputs(snakemake.output),
        )

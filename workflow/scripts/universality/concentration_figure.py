"""Figure of the tails of 1-Lipschitz functionals, with its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.figures import concentration


def main(*, ratios_paths, survival_paths, image_class, figure_paths):
    tails = concentration.tails(read_tables([path]) for path in survival_paths)
    drawn = concentration.table(read_tables(ratios_paths), tails)
    style.save(concentration.draw(drawn, tails, image_class), drawn, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            ratios_paths=snakemake.input.ratios,
            survival_paths=snakemake.input.survival,
            image_class=snakemake.params.image_class,
            figure_paths=figure_outputs(snakemake.output),
        )

"""Draw the figure "concentration" and write its table."""

from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.universality.concentration import judged, tails
from gaussianity.universality.figures import concentration


def main(*, ratio_paths, survival_paths, image_class, files):
    beyond = tails(read_tables([path]) for path in survival_paths)
    drawn = judged(read_tables(ratio_paths), beyond)
    style.save(concentration.draw(drawn, beyond, image_class), drawn, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            ratio_paths=snakemake.input.ratios,
            survival_paths=snakemake.input.survival,
            image_class=snakemake.params.image_class,
            files=figure_outputs(snakemake.output),
        )

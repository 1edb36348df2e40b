"""Draw the figure "normality_power" and write its table."""

from gaussianity.distribution.figures import normality_power
from gaussianity.drawing import style
from gaussianity.io.files import read_tables


def main(*, power_paths, known_power_paths, figure_paths):
    power, known = read_tables(power_paths), read_tables(known_power_paths)
    table = normality_power.table(power, known)
    style.save(normality_power.draw(power, known), table, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            power_paths=snakemake.input.power,
            known_power_paths=snakemake.input.known_power,
            figure_paths=figure_outputs(snakemake),
        )

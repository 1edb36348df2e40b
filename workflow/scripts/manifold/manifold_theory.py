"""Speciation and collapse times of one activation in theory, along beta, alpha and separation."""

import numpy as np

from gaussianity.io.files import write_table
from gaussianity.manifold.theory.curves import Setting, theory_curves


def main(*, theory_path, activation, settings):
    count = settings["points"]
    ranges = dict(
        beta=np.geomspace(*settings["beta"], count),
        alpha=np.linspace(*settings["alpha"], count),
        separation=np.linspace(*settings["separation"], settings["separations"]),
    )
    fixed = {name: Setting.of_samples(**settings[name]) for name in ("speciation", "collapse")}
    write_table(theory_path, theory_curves(activation, ranges, fixed), activation=activation)


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            theory_path=snakemake.output.theory,
            activation=snakemake.params.activation,
            settings=snakemake.params.settings,
        )

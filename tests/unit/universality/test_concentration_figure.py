"""The table and the lines of the figure of concentration."""

import numpy as np
import pandas as pd
from figure_cases import ALL

from gaussianity.universality.concentration import GRID
from gaussianity.universality.figures import concentration


def test_concentration_table_judges_each_functional():
    """Whole intervals at most 1, above 1, and neither; shares at t = 1 to 5."""
    ratios = pd.DataFrame(
        dict(
            population="data",
            image_class="7",
            functional=["norm", "maximum", "relu_norm"],
            ratio=[0.5, 1.0, 2.0],
            low=[0.4, 0.9, 1.5],
            high=[1.0, 1.1, 3.0],
        )
    )
    tails = pd.DataFrame(dict(population="data", image_class="7", t=GRID))
    tails = tails.assign(norm=1 - GRID / 10, maximum=0.0, relu_norm=GRID / 100)
    found = concentration.table(ratios, concentration.tails([tails]))
    assert found["holds"].tolist() == [True, False, False]
    assert found["exceeds"].tolist() == [False, False, True]
    np.testing.assert_allclose(found["beyond_3"], [0.7, 0, 0.03])
    np.testing.assert_allclose(found["beyond_5"], [0.5, 0, 0.05])
    assert found["functional"].tolist() == ratios["functional"].tolist()


def test_every_base_of_the_sampler_has_a_line():
    from gaussianity.sampling.sampler import BASES

    assert set(concentration.BASES) == {f"base-{base}" for base in BASES}
    colours = [concentration.look(name)["color"] for name in (*ALL, *concentration.BASES)]
    assert len(set(colours)) == len(colours)

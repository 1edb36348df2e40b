"""The lines of the figure of concentration."""

import matplotlib.pyplot as plt
import numpy as np
from figure_cases import ALL, DATA
from universality_figure_cases import draw_concentration

from gaussianity.universality.figures import concentration


def test_every_base_of_the_sampler_has_a_line():
    from gaussianity.sampling.sampler import BASES

    assert set(concentration.BASES) == {f"base-{base}" for base in BASES}
    colours = [concentration.look(name)["color"] for name in (*ALL, *concentration.BASES)]
    assert len(set(colours)) == len(colours)


def test_marks_of_populations_stand_side_by_side_at_their_family():
    """Two populations lie 0.2 to the left and to the right of each family's place."""
    figure = draw_concentration(1, DATA, ())
    (panel,) = [a for a in figure.axes if a.get_title().startswith("(i)")]
    places = [np.array(bars.lines[0].get_xdata(), float) for bars in panel.containers]
    plt.close(figure)
    families = np.arange(len(concentration.TITLES))
    assert len(places) == 2
    for found, side in zip(places, (-0.2, 0.2), strict=True):
        np.testing.assert_allclose(np.sort(found), families + side)

"""Panels of the figure of norms."""

import matplotlib.pyplot as plt
import numpy as np
from figure_cases import DATA
from moments_figure_cases import norms_of

from gaussianity.moments.figures import norms


def test_at_most_twenty_classes_have_histograms():
    figure = norms.draw(norms_of([str(k) for k in range(23)], DATA[:1]))
    assert sum(panel.get_visible() for panel in figure.axes) == 20
    plt.close(figure)


def test_histograms_are_densities_of_their_class():
    """The titles have the distance of the class to its Gaussian data: 1, where they are apart."""
    values = norms_of(["a", "b"], DATA)
    values["b", DATA[0]] = values["b", DATA[0]] + 100
    figure = norms.draw(values)
    for panel, name, distance in zip(figure.axes, "ab", ("0.", "1.00"), strict=True):
        assert panel.get_title().startswith(f"class {name}\nKS data: {distance}")
        for origin, stairs in zip(DATA, panel.patches, strict=True):
            density, edges, _ = stairs.get_data()
            expected, _ = np.histogram(values[name, origin], edges, density=True)
            np.testing.assert_allclose(density, expected)
            assert len(density) == 17  # the root of 300
    plt.close(figure)

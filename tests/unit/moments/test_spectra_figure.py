"""The tables of the figures of eigenvalues: `spectra` and `gram`."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from figure_cases import product

from gaussianity.moments.figures import gram, spectra


@pytest.mark.parametrize(("module", "key"), [(spectra, "image_class"), (gram, "subset")])
def test_null_eigenvalues_are_not_drawn(module, key):
    """The threshold is the largest eigenvalue times 4 machine epsilons: 3.6e-15 and 8.9e-10."""
    values = {"x": [4.0, 1.0, 3.7e-15, 3.5e-15], "y": [1e6, 1e-9, 8e-10, 0.0], "z": [3.0, 0, 0, 0]}
    frame = product(**{key: values}, origin=["data"], rank=[1, 2, 3, 4])
    frame["eigenvalue"] = np.concatenate(list(values.values()))
    found = module.table(frame)
    assert found[key].tolist() == list("xxxyyz")
    assert found["rank"].tolist() == [1, 2, 3, 1, 2, 1]
    assert found["eigenvalue"].tolist() == [4.0, 1.0, 3.7e-15, 1e6, 1e-9, 3.0]


@pytest.mark.parametrize(("module", "key"), [(spectra, "image_class"), (gram, "subset")])
def test_every_panel_has_the_eigenvalues_of_its_own(module, key):
    frame = product(**{key: ["x", "y"]}, origin=["data", "data-gaussian"], rank=[1, 2, 3])
    frame = frame.assign(eigenvalue=np.arange(12.0, 0, -1), exponent=np.arange(12.0) / 2)
    figure = module.draw(frame)
    titles = ["x", "y"]
    if module is spectra:
        titles = ["class x\ndata: $i^{-0.0}$", "class y\ndata: $i^{-3.0}$"]
    assert [panel.get_title() for panel in figure.axes] == titles
    found = [[list(line.get_ydata()) for line in panel.lines] for panel in figure.axes]
    assert found == [[[12, 11, 10], [9, 8, 7]], [[6, 5, 4], [3, 2, 1]]]
    plt.close(figure)

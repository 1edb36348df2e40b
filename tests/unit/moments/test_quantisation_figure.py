"""The lines of the figure of 8-bit storage."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from gaussianity.moments.figures import quantisation
from gaussianity.moments.quantisation import stored_eigenvalues


def test_changes_are_ratios_and_those_below_the_floor_are_counted():
    generator = np.random.default_rng(0)
    pixels = generator.normal(0.3, 0.2, (50, 16)) * np.linspace(1, 1e-4, 16)
    summary = stored_eigenvalues(pixels.reshape(50, 1, 4, 4).astype(np.float32))
    spectra, changes = quantisation.draw(summary, "x").axes
    plt.close("all")
    for name, line in zip(("float32", "clipped", "uint8"), spectra.lines, strict=False):
        shown = quantisation.drawn(summary, name)
        np.testing.assert_array_equal(line.get_ydata(), shown[name])
        np.testing.assert_array_equal(line.get_xdata(), np.arange(1, len(shown) + 1))
    np.testing.assert_array_equal(spectra.lines[3].get_ydata(), summary["law"])
    floor = summary.loc[0, ["floor_low", "floor_high"]].astype(float)
    (band,) = spectra.patches
    assert [band.get_y(), band.get_y() + band.get_height()] == pytest.approx(floor.tolist())
    for name, marks in zip(("clipped", "uint8"), changes.lines, strict=False):
        count = len(marks.get_xdata())
        assert 10 < count <= 16
        np.testing.assert_array_equal(marks.get_xdata(), summary["float32"][:count])
        np.testing.assert_allclose(marks.get_ydata(), (summary[name] / summary["float32"])[:count])
    beyond = (summary["float32"] < floor["floor_high"]).sum()
    assert changes.get_title() == f"(b) {beyond} of 16 eigenvalues are below the floor"
    assert 0 < beyond < 16
    share = 100 * summary["outside"][0]
    assert f"50 images, {share:.1f} % of pixels outside" in spectra.get_title()

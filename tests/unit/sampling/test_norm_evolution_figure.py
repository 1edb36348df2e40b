"""The panels of the figure of one image's way: pictures, levels and histograms by hand."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from gaussianity.sampling.figures import norm_evolution

STEPS, SIGMA = [0, 2, 3], [10.0, 1.0, 0.0]


@pytest.fixture(scope="module")
def panels():
    """40 images in three steps, the norms of each step in an interval of its own."""
    norms = pd.DataFrame(dict(step=np.repeat(STEPS, 40)))
    inside = np.tile(np.linspace(0, 1, 40) ** 2, 3)
    norms["x_norm"] = 100 - 30 * norms["step"] + inside
    norms["denoised_norm"] = 5 + 3 * norms["step"] + inside
    norms["direction_norm"] = np.where(norms["step"] == 3, np.nan, 2 + norms["step"] + inside)
    pictures = np.random.default_rng(0).uniform(-0.9, 0.9, (2, 1, 3, 1, 2, 2))
    scale = np.sqrt([101.0, 2.0, 1.0])[:, None, None, None]
    snapshots = dict(x=pictures[0] * scale, denoised=pictures[1], step=STEPS, sigma=SIGMA)
    schedule = pd.DataFrame(dict(step=range(4), sigma=[10.0, 3.0, 1.0, 0.0]))
    figure = norm_evolution.draw(norms, schedule, snapshots, "cat")
    plt.close(figure)
    return figure.axes, norms, pictures


def test_noisy_images_are_scaled_to_unit_size(panels):
    """A pixel of the network form p is drawn as the grey (p + 1) / 2."""
    axes, _, pictures = panels
    strips = [axis for axis in axes if axis.images]
    for axis, picture in zip(strips, pictures[:, 0].reshape(6, 2, 2), strict=True):
        np.testing.assert_allclose(axis.images[0].get_array(), (picture + 1) / 2)
    assert [axis.get_title() for axis in strips[:3]] == ["i = 0", "i = 2", "i = 3"]


def test_dots_mark_the_levels_of_the_shown_steps(panels):
    axes, _, _ = panels
    dots = [dot.get_offsets().tolist()[0] for dot in axes[0].collections]
    assert dots == [[0.0, 10.0], [2.0, 1.0], [3.0, 0.0]]


def test_histograms_are_of_one_step_each(panels):
    axes, norms, _ = panels
    for axis, name in zip(axes[-3:], norm_evolution.SYMBOLS, strict=True):
        drawn = [patch.get_data() for patch in axis.patches if not patch.get_fill()]
        groups = [values for _, values in norms.dropna(subset=name).groupby("step")[name]]
        for (density, edges, _), values in zip(drawn, groups, strict=True):
            assert (edges[0], edges[-1]) == (values.min(), values.max())
            assert density.max() == 1
            counts = np.histogram(values, edges)[0]
            np.testing.assert_allclose(density * counts.max(), counts)
        assert axis.get_ylim()[1] > 1


def test_the_axis_of_states_is_logarithmic_where_they_fall_far(panels):
    axes, _, _ = panels
    assert [axis.get_xscale() for axis in axes[-3:]] == ["log", "linear", "linear"]  # 101 / 10

"""What the figure of semantic directions shows of the edited images."""

import matplotlib.pyplot as plt
import numpy as np
from molrg_figure_cases import draw_semantic_directions


def test_every_picture_stands_above_its_strength_and_beside_its_direction():
    """Two images of 4 directions and 5 strengths, 8 pixels a side and a pixel apart."""
    figure = draw_semantic_directions(["mixture"])
    panel = figure.axes[0]
    shown = np.asarray(panel.images[0].get_array())
    images = np.random.default_rng(0).uniform(-1, 1, (2, 4, 5, 1, 8, 8))
    across, down = panel.get_xticks(), panel.get_yticks()
    labels = [label.get_text() for label in panel.get_xticklabels()]
    plt.close(figure)
    assert shown.shape == (4 * 9 - 1, 10 * 9 - 1)
    np.testing.assert_allclose(shown[9:17, 27:35], (images[0, 1, 3, 0] + 1) / 2)
    np.testing.assert_allclose(shown[27:, 81:], (images[1, 3, 4, 0] + 1) / 2)
    np.testing.assert_allclose(shown[:, 5 * 9 - 1], 1)  # white between the two images
    between = shown[:, 8]
    assert 0 < between[0] < 1
    np.testing.assert_allclose(between, between[0])
    np.testing.assert_allclose(across, 9 * np.arange(10) + 3.5)
    np.testing.assert_allclose(down, 9 * np.arange(4) + 3.5)
    assert labels == ["-4", "-2", "0", "2", "4"] * 2

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


def test_effects_are_drawn_with_their_errors():
    """Along vector i the images move by 0.04 / i per noise level, times 1, 1.1 and 1.2; along
    random directions by 0.01 times these."""
    figure = draw_semantic_directions(["study", "mixture"])
    plt.close(figure)
    pixels, classifier = figure.axes[2:4]  # after the pictures
    sem = np.std([1, 1.1, 1.2], ddof=1) / 3**0.5
    for panel, unit in ((pixels, 0.01), (classifier, 0.02)):
        assert len(panel.containers) == 4  # singular and principal of each denoiser
        for number, container in enumerate(panel.containers):
            found = container.lines[0].get_xydata()
            index = np.arange(1, 6)
            scale = unit / 2 if number % 2 and panel is classifier else unit
            np.testing.assert_allclose(found[:, 0], index)
            np.testing.assert_allclose(found[:, 1], scale * 1.1 * 4 / index)
            ends = [segment[:, 1] for segment in container.lines[2][0].get_segments()]
            np.testing.assert_allclose(np.ptp(ends, axis=1), 2 * scale * sem * 4 / index)
        across = [line.get_ydata()[0] for line in panel.lines if list(line.get_xdata()) == [0, 1]]
        np.testing.assert_allclose(across, [unit * 1.1] * 6)  # three random kinds of each denoiser
        bands = [(band.get_y(), band.get_height()) for band in panel.patches]
        np.testing.assert_allclose(bands, [[unit * (1.1 - sem), 2 * unit * sem]] * 6)
        assert panel.get_ylim()[0] == 0
    assert "(accuracy 0.966)" in figure.axes[3].get_title().replace("classifier (", "(")


def test_ratios_are_drawn_by_vector_and_by_noise_level():
    """Singular vectors move the classifier as far as random directions for the same change of the
    image, principal directions half as far."""
    figure = draw_semantic_directions(["study", "mixture"])
    plt.close(figure)
    for panel, across in zip(figure.axes[4:6], ([1, 2, 3, 4, 5], [0.5, 2, 8]), strict=True):
        for number, container in enumerate(panel.containers):
            found = container.lines[0].get_xydata()
            np.testing.assert_allclose(found[:, 0], across)
            np.testing.assert_allclose(found[:, 1], 0.5 if number % 2 else 1)
    given = figure.axes[6]
    labels = [label.get_text() for label in given.get_xticklabels()]
    assert labels == ["given", "-4", "-2", "0", "2", "4"] * 2

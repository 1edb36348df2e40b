"""Images side by side."""

import matplotlib.pyplot as plt
import numpy as np

from gaussianity.data.figures import sample_grid
from gaussianity.drawing import pictures


def test_mosaic_has_lines_between_images():
    images = np.arange(12.0).reshape(3, 1, 2, 2)
    expected = [[0, 1, 0.3, 4, 5, 0.3, 8, 9], [2, 3, 0.3, 6, 7, 0.3, 10, 11]]
    np.testing.assert_array_equal(sample_grid.mosaic(images), [expected])


def test_mosaic_keeps_channels():
    images = np.stack([np.zeros((3, 4, 5)), np.ones((3, 4, 5))])
    images[1, 2] = 0.5
    found = sample_grid.mosaic(images)
    assert found.shape == (3, 4, 11)
    np.testing.assert_array_equal(found[:, 0, 6], [1, 1, 0.5])


def test_an_image_is_shown_from_black_at_minus_one_to_white_at_one():
    figure, (grey, colour) = plt.subplots(1, 2)
    pictures.show(grey, [[[-1.0, 0.0, 1.0], [-3.0, 0.5, 2.0]]])
    image = np.linspace(-1, 1, 24).reshape(3, 2, 4)
    pictures.show(colour, image)
    (drawn,) = grey.images
    np.testing.assert_array_equal(drawn.get_array(), [[0, 0.5, 1], [0, 0.75, 1]])
    assert drawn.get_clim() == (0, 1)
    assert drawn.get_cmap().name == "gray"
    np.testing.assert_allclose(colour.images[0].get_array(), (image.transpose(1, 2, 0) + 1) / 2)
    for panel in (grey, colour):
        assert not len(panel.get_xticks())
        assert not len(panel.get_yticks())
    plt.close(figure)

"""Images side by side."""

import numpy as np

from gaussianity.data.figures import sample_grid


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

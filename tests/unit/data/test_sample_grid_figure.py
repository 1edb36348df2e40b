"""The table of the figure of samples."""

import numpy as np
import pandas as pd

from gaussianity.data.figures import sample_grid


def test_pixels_shown():
    images = np.array([0.0, 1.0, -0.5, 1.5]).reshape(2, 1, 1, 2)
    found = sample_grid.table({"data": {"7": images, "8": images[:1]}})
    expected = dict(
        origin=["data", "data"],
        image_class=["7", "8"],
        images=[2, 1],
        pixel_mean=[0.5, 0.5],
        pixel_std=[np.sqrt(0.625), 0.5],
        outside=[0.5, 0.0],
    )
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected))

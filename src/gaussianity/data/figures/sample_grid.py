"""Figure "sample_grid": images of every class from each origin.

Figures 2 and 10 of Ghane et al. (2025), arXiv 2501.07741.
"""

import numpy as np
import pandas as pd

from gaussianity.drawing import style
from gaussianity.drawing.pictures import mosaic, show


def table(images):
    """Pixel statistics of the images shown.

    Args:    images - dict of origin to dict of class to images (n, C, H, W), black 0, white 1.
    Returns: DataFrame with origin, image_class, images, pixel_mean, pixel_std, outside: the
             share of pixels below 0 or above 1, which are drawn as black and white.
    """
    return pd.DataFrame(
        dict(
            origin=origin,
            image_class=image_class,
            images=len(shown),
            pixel_mean=float(shown.mean()),
            pixel_std=float(shown.std()),
            outside=float(((shown < 0) | (shown > 1)).mean()),
        )
        for origin, classes in images.items()
        for image_class, shown in classes.items()
    )


def draw(images):
    """Draw a panel per origin and a row per class.

    Args:    images - see `table`. Returns: Figure.
    """
    origins = list(images)
    classes = list(images[origins[0]])
    row = mosaic(images[origins[0]][classes[0]])
    width = style.WIDTH / min(2, len(origins))
    height = width * len(classes) * (row.shape[1] + 1) / row.shape[2] * 0.94 + 0.4
    with style.theme():
        figure, axes = style.panels(len(origins), 2, height=height)
        for panel, origin in zip(axes, origins, strict=True):
            _panel(panel, images[origin], classes)
            panel.set_title(style.label(origin))
    return figure


def _panel(panel, images, classes):
    strips = [mosaic(images[image_class]) for image_class in classes]
    line = np.full((strips[0].shape[0], 1, strips[0].shape[2]), 0.3)
    stacked = np.concatenate([part for strip in strips for part in (strip, line)][:-1], axis=1)
    show(panel, stacked * 2 - 1)
    height = strips[0].shape[1] + 1
    panel.set_yticks([height * i + (height - 2) / 2 for i in range(len(classes))], classes)

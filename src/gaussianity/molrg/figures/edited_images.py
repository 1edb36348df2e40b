"""Panels of edited images: a row per direction, a column per strength."""

import numpy as np

from gaussianity.drawing import style
from gaussianity.drawing.pictures import show

BETWEEN = 0.55  # grey between pictures


def height_of(pictures):
    """Height in inches of a row of panels, half the figure wide each, of a dict of pictures."""
    if not pictures:
        return 0
    shown, rows, columns, _, height, width = next(iter(pictures.values())).shape
    return 0.46 * style.WIDTH * rows * (height + 1) / (shown * columns * (width + 1)) + 0.7


def draw_pictures(panel, images, names):
    """All images side by side, each with a row per direction and a column per name.

    Args:    images - (shown, rows, columns, C, H, W) in the network form, the last row of a random
             direction; names - of the columns.
    """
    shown, rows, columns, channels, height, width = images.shape
    tiles = np.full((shown, rows, columns, channels, height + 1, width + 1), BETWEEN * 2 - 1)
    tiles[..., :height, :width] = images
    tiles[:, :, -1, :, :, width:] = 1  # white between the images
    canvas = tiles.transpose(3, 1, 4, 0, 2, 5).reshape(channels, rows * (height + 1), -1)
    show(panel, canvas[:, :-1, :-1])
    directions = [*(f"vector {i + 1}" for i in range(rows - 1)), "random"]
    panel.set_yticks([(height + 1) * i + (height - 1) / 2 for i in range(rows)], directions)
    places = [(width + 1) * i + (width - 1) / 2 for i in range(shown * columns)]
    panel.set_xticks(places, names * shown, fontsize=8)
    panel.set_xlabel(r"strength, in noise levels $\sigma$")
    panel.tick_params(length=0)

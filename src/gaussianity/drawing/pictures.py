"""Images in figures."""

import numpy as np


def mosaic(images):
    """Images (n, C, H, W) side by side with dark lines between them: (C, H, n * (W + 1) - 1)."""
    n, channels, height, width = images.shape
    tiles = np.full((n, channels, height, width + 1), 0.3)
    tiles[..., :width] = images
    return tiles.transpose(1, 2, 0, 3).reshape(channels, height, -1)[..., :-1]


def show(panel, image):
    """Draw an image (C, H, W) in the network form, black at -1 and white at 1, without ticks."""
    shown = ((np.asarray(image) + 1) / 2).clip(0, 1).transpose(1, 2, 0)
    if shown.shape[2] == 1:
        panel.imshow(shown[:, :, 0], cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    else:
        panel.imshow(shown, interpolation="nearest")
    panel.set(xticks=[], yticks=[])
    panel.grid(False)

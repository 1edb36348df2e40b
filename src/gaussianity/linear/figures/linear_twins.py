"""Figure "linear_twins": generated images beside their Gaussian twins of the same seeds."""

import numpy as np

from gaussianity.drawing import style
from gaussianity.drawing.pictures import mosaic, show

ROWS = ("image", "twin", "difference")


def draw(pictures, shown, image_shape):
    """A panel per class with three rows: images, twins, differences; the cosines below.

    Args:    pictures - arrays of `classes.pictures`; shown - classes; image_shape - (C, H, W).
    Returns: Figure.
    """
    names = list(pictures["classes"])
    chosen = [name for name in names if name in shown] or names[:4]
    count = pictures["images"].shape[1]
    _, height, width = image_shape
    tall = style.WIDTH / 2 / (count * (width + 1)) * 3 * (height + 1) * 0.94 + 0.5
    with style.theme():
        figure, axes = style.panels(len(chosen), 2, height=tall)
        for panel, name in zip(axes, chosen, strict=True):
            k = names.index(name)
            images, twins = (
                pictures[key][k].reshape(-1, *image_shape) for key in ("images", "twins")
            )
            strips = [mosaic(part) for part in (images, twins, (images - twins) / 2)]
            line = np.full((strips[0].shape[0], 1, strips[0].shape[2]), 0.3)
            stacked = [part for strip in strips for part in (strip, line)][:-1]
            show(panel, np.concatenate(stacked, axis=1))
            panel.set_yticks([(height + 1) * i + (height - 1) / 2 for i in range(3)], ROWS)
            places = [(width + 1) * i + (width - 1) / 2 for i in range(count)]
            panel.set_xticks(places, [f"{cosine:.2f}" for cosine in pictures["cosines"][k]])
            panel.tick_params(length=0, labelsize=8)
            panel.set_title(f"class {name}")
        figure.supxlabel("cosine of image and twin about their class means", fontsize=9)
    return figure

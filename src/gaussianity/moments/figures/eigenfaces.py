"""Figure "eigenfaces": mean image and leading eigenvectors of the covariance, per class and source.

The name is Turk and Pentland's (1991), Journal of Cognitive Neuroscience 3(1).
"""

import numpy as np
import pandas as pd
from matplotlib import colormaps

from gaussianity.drawing import style

MAP = "PuOr"  # diverging; colour-blind readers can distinguish its ends
ACROSS, ROW = 1.1, 1.32  # distance of the next tile, in widths and in heights of a tile


def table(faces):
    """Eigenvalues and their shares of the variance.

    Args:    faces - dict of (class, source) to dict of mean (C, H, W), vectors (k, C, H, W),
             eigenvalues (k,) and trace, the sum of all eigenvalues.
    Returns: DataFrame with image_class, source, rank, eigenvalue, share, and cumulative share.
    """
    parts = []
    for (image_class, source), face in faces.items():
        share = face["eigenvalues"] / face["trace"] if face["trace"] else 0 * face["eigenvalues"]
        columns = dict(
            image_class=image_class,
            source=source,
            rank=np.arange(1, len(share) + 1),
            eigenvalue=face["eigenvalues"],
            share=share,
            cumulative=share.cumsum(),
        )
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def draw(faces, summary):
    """A panel per source, a row per class: the mean and the eigenvectors, with their shares.

    Args:    faces - see `table`; summary - its DataFrame. Returns: Figure.
    """
    classes, sources = (list(dict.fromkeys(names)) for names in zip(*faces, strict=True))
    _, _, height, width = next(iter(faces.values()))["vectors"].shape
    columns = 1 + max(len(face["vectors"]) for face in faces.values())
    abreast = len(sources) if columns * len(sources) <= 14 else 1
    down = ROW * height / width  # a tile is as wide as 1
    scale = 0.92 * style.WIDTH / abreast / (ACROSS * columns)
    with style.theme():
        size = scale * down * len(classes) + 0.4
        figure, axes = style.panels(len(sources), abreast, height=size)
        for panel, source in zip(axes, sources, strict=True):
            for row, image_class in enumerate(classes):
                chosen = summary.query("image_class == @image_class and source == @source")
                _line(panel, row * down, faces[image_class, source], chosen["share"])
            panel.set(xlim=(-0.05, ACROSS * columns), aspect="equal", xticks=[], title=source)
            panel.set_ylim(down * len(classes), (1 - ROW) * height / width)
            middles = (np.arange(len(classes)) * ROW + 0.5) * height / width
            panel.set_yticks(middles, classes, rotation=90, va="center", fontsize=9)
            panel.spines[:].set_visible(False)
            panel.grid(False)
    return figure


def _line(panel, top, face, shares):
    """Mean and eigenvectors side by side; `top` is their distance below the panel's origin."""
    tiles = [grey(face["mean"]), *(coloured(vector) for vector in face["vectors"])]
    words = ["mean", *(f"{100 * share:.0f} %" for share in shares)]
    for column, (tile, word) in enumerate(zip(tiles, words, strict=True)):
        left, bottom = ACROSS * column, top + tile.shape[0] / tile.shape[1]
        panel.imshow(tile, extent=(left, left + 1, bottom, top), interpolation="nearest")
        panel.text(left + 0.5, top - 0.03, word, fontsize=8, ha="center", va="bottom")


def grey(image):
    """An image (C, H, W), black 0 and white 1, as colours (H, W, 3)."""
    shown = np.asarray(image).clip(0, 1).transpose(1, 2, 0)
    return np.repeat(shown, 3, axis=2) if shown.shape[2] == 1 else shown


def coloured(vector):
    """An eigenvector (C, H, W) as colours (H, W, 3), scaled by its own largest entry.

    One channel has a diverging colour map. For several channels 0 is grey, and a channel is bright
    where it is positive.
    """
    shown = (np.asarray(vector) / (np.abs(vector).max() or 1.0) + 1) / 2
    return colormaps[MAP](shown[0])[..., :3] if len(shown) == 1 else shown.transpose(1, 2, 0)

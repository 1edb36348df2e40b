"""Figure "eigenfaces": mean image and leading eigenvectors of the covariance, per class and source.

The name is Turk and Pentland's (1991), Journal of Cognitive Neuroscience 3(1).
"""

import numpy as np
import pandas as pd

from gaussianity.figures import style
from gaussianity.figures.norm_evolution import show

MAP = "PuOr"  # diverging, told apart by colour-blind readers


def table(faces):
    """Eigenvalues and the share of the variance that they explain.

    Args:    faces - dict of (class, source) to dict of mean (C, H, W), vectors (k, C, H, W),
             eigenvalues (k,) and trace, the sum of all.
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
    """A row per class; for each source the mean and the eigenvectors, with the share explained.

    Args:    faces - see `table`; summary - its DataFrame. Returns: Figure.
    """
    classes, sources = (list(dict.fromkeys(names)) for names in zip(*faces, strict=True))
    columns = 1 + max(len(face["vectors"]) for face in faces.values())
    blocks = 1 if columns * len(sources) > 14 else len(sources)
    width = style.WIDTH / (columns * blocks)
    with style.theme():
        figure, axes = style.grid(
            len(classes) * len(sources) // blocks, columns * blocks, height=min(width, 2.0) + 0.25
        )
        for axis in axes.flat:
            axis.set_axis_off()
        for row, image_class in enumerate(classes):
            for number, source in enumerate(sources):
                at = row * len(sources) + number
                line = axes[at // blocks][at % blocks * columns :][:columns]
                chosen = summary.query("image_class == @image_class and source == @source")
                _line(line, faces[image_class, source], chosen["share"])
                name = f"{image_class}\n{source}" if blocks == 1 else image_class
                if at % blocks == 0:
                    _label(line[0], name)
                if row == 0 and blocks > 1:
                    line[0].set_title(f"{source}\nmean", fontsize=9)
    return figure


def _label(panel, name):
    panel.text(
        -0.08,
        0.5,
        name,
        transform=panel.transAxes,
        rotation=90,
        ha="right",
        va="center",
        fontsize=9,
    )


def _line(axes, face, shares):
    show(axes[0], 2 * face["mean"] - 1)
    axes[0].set_title("mean", fontsize=9)
    for panel, vector, share in zip(axes[1:], face["vectors"], shares, strict=False):
        show_vector(panel, vector)
        panel.set_title(f"{100 * share:.0f} %", fontsize=9)


def show_vector(panel, vector):
    """An eigenvector (C, H, W) by its own largest entry: a diverging map where it has one channel;
    of colours 0 is grey, and a channel is bright where it is positive."""
    size = np.abs(vector).max() or 1.0
    if len(vector) == 1:
        panel.imshow(vector[0], cmap=MAP, vmin=-size, vmax=size, interpolation="nearest")
        panel.set(xticks=[], yticks=[])
        panel.grid(False)
    else:
        show(panel, vector / size)

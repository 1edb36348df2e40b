"""Figure "class_agreement": classes of generated images by the vote of the nearest real images.

The paper has no such figure. The other figures describe the intended classes only if the denoiser
generates images of these classes.
"""

import pandas as pd
import seaborn as sns

from gaussianity.drawing import style


def table(votes, classes, voted):
    """Share of each intended class's images that the vote puts into each class.

    Args:    votes - counts (intended classes, K), see `gaussianity.class_votes`; classes - names
             of the intended classes; voted - all K names.
    Returns: DataFrame with image_class, voted, images, share.
    """
    return pd.DataFrame(
        dict(image_class=intended, voted=name, images=int(count), share=count / row.sum())
        for intended, row in zip(classes, votes, strict=True)
        for name, count in zip(voted, row, strict=True)
    )


def agreement(summary):
    """Share of all images that the vote puts into their intended class, and number of images."""
    right = summary.loc[summary["image_class"] == summary["voted"], "images"].sum()
    return right / summary["images"].sum(), summary["images"].sum()


def draw(summary):
    """Draw a row per intended class and a column per class that is voted for.

    Args:    summary - see `table`. Returns: Figure.
    """
    percent = 100 * summary.pivot(index="image_class", columns="voted", values="share")
    order = [list(dict.fromkeys(summary[name])) for name in ("image_class", "voted")]
    percent = percent.loc[order[0], order[1]]
    right, images = agreement(summary)
    with style.theme():
        figure, axes = style.grid(1, 1, height=2.0 + 0.3 * len(percent))
        panel = axes[0, 0]
        sns.heatmap(
            percent,
            ax=panel,
            cmap="Blues",
            vmin=0,
            vmax=100,
            annot=max(percent.shape) <= 12,
            fmt=".1f",
            annot_kws={"size": 8},
            linewidths=0.5,
            cbar_kws={"label": "% of the row's images"},
        )
        panel.set_title(f"{100 * right:.1f} % of {images:,} images are in the intended class")
        panel.set_xlabel("class of the nearest real images")
        panel.set_ylabel("intended class")
        panel.tick_params(axis="y", labelrotation=0)
        panel.tick_params(axis="x", labelrotation=90 if len(percent.columns) > 12 else 0)
    return figure

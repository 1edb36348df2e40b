"""Figure "class_subspaces": subspaces learnt from images, compared with the classes' eigenvectors.

The figure is ours. It applies theorems 1 and 3 of Wang et al. (2024), arXiv 2409.02426, to images,
and compares the subspaces with the covariances from which the Gaussian data are drawn.
"""

import pandas as pd
import seaborn as sns
from matplotlib.ticker import MaxNLocator

from gaussianity.drawing import style

LINES = {  # learned, reference, against: style of the mean over the classes
    ("principal", "covariance", "own"): dict(
        color=style.SKY_BLUE, marker="v", label="principal components of the class's same images"
    ),
    ("denoiser", "covariance", "own"): dict(
        color=style.BLUE, marker="o", label="denoiser of the class, covariance"
    ),
    ("denoiser", "principal", "own"): dict(
        color=style.PURPLE,
        marker="P",
        linestyle="--",
        label="denoiser of the class, these components",
    ),
    ("clusters", "second_moment", "own"): dict(
        color=style.VERMILION, marker="s", label="cluster, second moment about the mean of all"
    ),
    ("clusters", "covariance", "own"): dict(
        color=style.ORANGE, marker="D", label="cluster, covariance"
    ),
    ("clusters", "covariance", "others"): dict(
        color=style.GREEN, marker="^", linestyle="--", label="cluster, covariance of the others"
    ),
    ("random", "any", "own"): dict(
        color="black", marker="x", linestyle=":", label="random subspace"
    ),
}
NAMES = {"diffusion": "generated images", "data": "images of the dataset"}


def _images_of(source):
    return NAMES.get(source, f"images of {source}")


def table(subspaces, clusters):
    """The comparisons, with the share of each class's images in its cluster.

    Args:    subspaces, clusters - DataFrames of the rule class_subspaces.
    Returns: DataFrame with source, learned, image_class ("all": the mean of the classes),
             reference, against, affinity, angle_1, ... and share_right, the share of the class's
             images in its cluster.
    """
    keys = ["source", "learned", "reference", "against"]
    classes = subspaces[subspaces["image_class"] != "all"]
    means = classes.drop(columns="image_class").groupby(keys, sort=False).mean().reset_index()
    found = pd.concat([subspaces, means.assign(image_class="all")], ignore_index=True)
    right = pd.concat([_right(clusters, ["source", "image_class"]), _right(clusters, ["source"])])
    right = right.fillna({"image_class": "all"})
    return found.merge(right, on=["source", "image_class"], how="left")


def _right(clusters, keys):
    """Share of images in the cluster of their class."""
    own = clusters[clusters["image_class"] == clusters["cluster_of"]]
    share = own.groupby(keys)["images"].sum() / clusters.groupby(keys)["images"].sum()
    return share.rename("share_right").reset_index()


def headline(summary):
    """The shares of images in the cluster of their class, in one sentence."""
    found = summary[(summary["image_class"] == "all") & (summary["learned"] == "clusters")]
    shares = [
        f"{100 * rows['share_right'].iloc[0]:.0f} % of the {_images_of(source)}"
        for source, rows in found.groupby("source", sort=False)
    ]
    return f"In the cluster of their class: {', '.join(shares)}"


def draw(summary, clusters):
    """A row per source: principal angles, affinity of each class, classes against clusters.

    Args:    summary - see `table`; clusters - DataFrame of the rule. Returns: Figure.
    """
    sources = list(dict.fromkeys(clusters["source"]))
    with style.theme():
        figure, axes = style.grid(len(sources), 3, height=3.8)
        for row, source in zip(axes, sources, strict=True):
            found = summary[summary["source"] == source]
            _angles(row[0], found[found["image_class"] == "all"])
            _affinities(row[1], found)
            _counts(row[2], clusters[clusters["source"] == source])
            row[0].set_title(f"{_images_of(source)}: mean of the classes")
        figure.suptitle(headline(summary), fontsize=11)
        handles = axes[0, 0].get_legend_handles_labels()
        figure.legend(*handles, loc="outside lower center", ncols=2, frameon=False)
    return figure


def _chosen(found, key):
    learned, reference, against = key
    return found[
        (found["learned"] == learned)
        & (found["reference"] == reference)
        & (found["against"] == against)
    ]


def _angles(panel, means):
    names = [name for name in means if name.startswith("angle_")]
    for key, look in LINES.items():
        rows = _chosen(means, key)
        if len(rows):
            panel.plot(range(1, len(names) + 1), rows[names].iloc[0], markersize=4, **look)
    panel.set_ylim(0, 92)
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panel.set_xlabel("number of the principal angle")
    panel.set_ylabel("principal angle, degrees")


def _affinities(panel, found):
    classes = [c for c in dict.fromkeys(found["image_class"]) if c != "all"]
    for key, look in LINES.items():
        rows = _chosen(found, key).set_index("image_class")
        if key[0] == "random":
            panel.axhline(rows["affinity"].iloc[0], color=look["color"], linestyle=":")
        elif len(rows):
            values = rows.loc[classes, "affinity"]
            panel.plot(range(len(classes)), values, markersize=5, **look | dict(linestyle="none"))
    panel.set_xticks(range(len(classes)), classes, rotation=90 if len(classes) > 10 else 0)
    panel.set_ylim(0, 1.03)
    panel.set_xlabel("class")
    panel.set_ylabel("mean squared cosine")
    panel.set_title("affinity to the class's eigenvectors")


def _counts(panel, clusters):
    order = list(dict.fromkeys(clusters["image_class"]))
    counts = clusters.pivot(index="image_class", columns="cluster_of", values="images")
    counts = counts.loc[order, order]
    percent = 100 * counts.div(counts.sum(axis=1), axis=0)
    sns.heatmap(
        percent,
        ax=panel,
        cmap="Blues",
        vmin=0,
        vmax=100,
        annot=len(order) <= 10,
        fmt=".0f",
        annot_kws={"size": 8},
        cbar=False,
        linewidths=0.5,
    )
    panel.set_xlabel("cluster matched to the class")
    panel.set_ylabel("class")
    panel.set_title("% of a class's images in each cluster")
    panel.tick_params(axis="y", labelrotation=0)
    panel.tick_params(axis="x", labelrotation=90 if len(order) > 10 else 0)

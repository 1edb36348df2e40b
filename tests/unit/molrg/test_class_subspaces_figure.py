"""The table, the headline and the panels of the figure of the classes' subspaces."""

import numpy as np
import pandas as pd

from gaussianity.molrg.figures import class_subspaces


def found_of(source, right):
    """Two classes of 10 images. `right` of the first and one more of the second are in the cluster
    of their class."""
    rows = [
        dict(
            source=source,
            learned=learned,
            image_class=image_class,
            reference=reference,
            against=against,
            affinity={"a": 0.5, "b": 0.7}.get(image_class, 0.1),
            angle_1={"a": 10.0, "b": 20.0}.get(image_class, 80.0),
            angle_2=60.0,
        )
        for learned, reference, against in class_subspaces.LINES
        for image_class in (["all"] if learned == "random" else ["a", "b"])
    ]
    clusters = [
        dict(source=source, image_class=k, cluster_of=c, images=n if k == c else 10 - n)
        for k, n in zip("ab", (right, right + 1), strict=True)
        for c in "ab"
    ]
    return pd.DataFrame(rows), pd.DataFrame(clusters)


def test_the_table_has_the_share_that_is_right_and_the_mean_of_the_classes():
    parts = [found_of("diffusion", 6), found_of("data", 8)]
    subspaces, clusters = (pd.concat(each) for each in zip(*parts, strict=True))
    summary = class_subspaces.table(subspaces, clusters)
    shares = summary.groupby("source")["share_right"].agg(["min", "max"])
    np.testing.assert_allclose(shares, [[0.8, 0.9], [0.6, 0.7]])
    overall = summary[summary["image_class"] == "all"].groupby("source")["share_right"].unique()
    np.testing.assert_allclose(overall["data"], 0.85)
    np.testing.assert_allclose(overall["diffusion"], 0.65)
    means = summary[(summary["image_class"] == "all") & (summary["learned"] == "clusters")]
    assert len(means) == 2 * 3
    assert class_subspaces.headline(summary) == (
        "In the cluster of their class: 65 % of the generated images, 85 % of the images of the "
        "dataset"
    )
    drawn = class_subspaces.draw(summary, clusters)
    assert len(drawn.axes) == 6
    for panel, expected in ((2, [[60, 40], [30, 70]]), (5, [[80, 20], [10, 90]])):
        percent = drawn.axes[panel].collections[0].get_array()
        np.testing.assert_allclose(percent, expected)
    line = drawn.axes[0].lines[0].get_xydata()
    np.testing.assert_allclose(line, [[1, 15], [2, 60]])
    chance = drawn.axes[0].lines[-1].get_xydata()
    np.testing.assert_allclose(chance, [[1, 80], [2, 60]])
    affinities = drawn.axes[1].lines[0].get_xydata()
    np.testing.assert_allclose(affinities, [[0, 0.5], [1, 0.7]])
    assert set(drawn.axes[1].lines[-1].get_ydata()) == {0.1}
    assert drawn.axes[0].get_ylim()[1] > 90

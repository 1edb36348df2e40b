"""The table, the headline and the panels of the figure of the classes' subspaces."""

import numpy as np
import pandas as pd

from gaussianity.molrg.figures import class_subspaces


def found_of(source, right):
    """A table of two classes whose clusters hold a share of their images."""
    rows = [
        dict(
            source=source,
            learned=learned,
            image_class=image_class,
            reference=reference,
            against=against,
            affinity=0.5,
            angle_1=10.0,
            angle_2=60.0,
        )
        for learned, reference, against in class_subspaces.LINES
        for image_class in (["all"] if learned == "random" else ["a", "b"])
    ]
    clusters = [
        dict(source=source, image_class=k, cluster_of=c, images=right if k == c else 10 - right)
        for k in "ab"
        for c in "ab"
    ]
    return pd.DataFrame(rows), pd.DataFrame(clusters)


def test_the_table_has_the_share_that_is_right_and_the_mean_of_the_classes():
    parts = [found_of("diffusion", 7), found_of("data", 9)]
    subspaces, clusters = (pd.concat(each) for each in zip(*parts, strict=True))
    summary = class_subspaces.table(subspaces, clusters)
    shares = summary.groupby("source")["share_right"].agg(["min", "max"])
    np.testing.assert_allclose(shares, [[0.9, 0.9], [0.7, 0.7]])
    means = summary[(summary["image_class"] == "all") & (summary["learned"] == "clusters")]
    assert len(means) == 2 * 3
    assert class_subspaces.headline(summary) == (
        "In the cluster of their class: 70 % of the generated images, 90 % of the images of the "
        "dataset"
    )
    drawn = class_subspaces.draw(summary, clusters)
    assert len(drawn.axes) == 6

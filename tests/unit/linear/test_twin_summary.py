import numpy as np
import pandas as pd
import pytest

from gaussianity.linear.twin_summary import of_all, twin_summary


def by_hand():
    """Two classes of two images: the twins of a are exact, those of b have no length left over."""
    rows = [
        dict(image_class="a", spread=4.0, twin_spread=4.0, product=4.0, rest=0.0),
        dict(image_class="a", spread=4.0, twin_spread=4.0, product=4.0, rest=0.0),
        dict(image_class="b", spread=4.0, twin_spread=1.0, product=0.0, rest=5.0),
        dict(image_class="b", spread=4.0, twin_spread=1.0, product=0.0, rest=5.0),
    ]
    twins = pd.DataFrame(rows).assign(compared_with="twin", between=4.0)
    return pd.concat([twins, twins.assign(compared_with="mixed_seeds", rest=8.0)])


def test_classes_and_all():
    summary = twin_summary(by_hand())
    row = of_all(summary, "twin")
    assert row["explained"] == pytest.approx(1 - 10 / 16)
    assert row["correlation"] == pytest.approx(8 / np.sqrt(16 * 10))
    assert (row["cosine"], row["images"]) == (0.5, 4)
    of_class = summary[summary["compared_with"] == "twin"].set_index("image_class")["explained"]
    assert (of_class["a"], of_class["b"]) == (1, -0.25)


def test_account_has_the_sum_one():
    """16 within the classes and 16 between them, of which 10 are left over."""
    row = of_all(twin_summary(by_hand()), "twin")
    assert (row["class_mean"], row["twin"], row["network"]) == (0.5, 6 / 32, 10 / 32)


def test_a_control_has_no_account():
    summary = twin_summary(by_hand())
    assert np.isnan(of_all(summary, "mixed_seeds")["network"])
    assert of_all(summary, "empirical_score") is None

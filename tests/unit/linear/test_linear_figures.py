import numpy as np
import pandas as pd
import pytest
from linear_cases import SHAPE, exact, exact_of_one_class
from matplotlib import pyplot as plt

from gaussianity.linear import classes
from gaussianity.linear.figures import (
    linear_directions,
    linear_nats,
    linear_shrinkage,
    linear_split,
    linear_twins,
)
from gaussianity.linear.level_summary import level_summary
from gaussianity.linear.twin_summary import twin_summary


@pytest.fixture(scope="module", params=[exact, exact_of_one_class])
def found(request):
    return request.param()


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def seeds(found):
    return {name: np.arange(40) for name in found}


def test_nats_are_the_drawn_numbers(found):
    summary = level_summary(pd.DataFrame(classes.level_table(found)))
    figure = linear_nats.draw(summary)
    isotropic = summary[(summary["law"] == "forward") & (summary["reference"] == "isotropic")]
    line = next(each for each in figure.axes[0].get_lines() if each.get_gid() == "isotropic")
    np.testing.assert_allclose(line.get_xydata(), isotropic[["sigma", "nats"]])
    assert figure.axes[0].xaxis_inverted()


def test_directions_over_classes():
    rows = [("a", 1, 0.9, 0.8), ("a", 2, 0.5, 0.2), ("b", 1, 0.7, 0.4)]
    columns = ["image_class", "rank", "correlation", "explained"]
    first, second = linear_directions.table(pd.DataFrame(rows, columns=columns)).to_dict("records")
    assert (first["classes"], second["classes"]) == (2, 1)
    assert first["explained"] == pytest.approx(0.6)
    assert (first["explained_low"], first["explained_high"]) == (0.4, 0.8)


def test_a_marker_for_each_class_and_comparison(found):
    summary = twin_summary(pd.DataFrame(classes.twin_table(found, seeds(found))))
    along = linear_directions.table(pd.DataFrame(classes.direction_table(found)))
    panel = linear_directions.draw(along, summary).axes[1]
    assert len(panel.containers) == summary["compared_with"].nunique()
    assert [tick.get_text() for tick in panel.get_xticklabels()] == list(found)


def test_pictures_have_the_cosines_below(found):
    arrays = classes.pictures(found, 3)
    panel = linear_twins.draw(arrays, ["0"], SHAPE).axes[0]
    assert [tick.get_text() for tick in panel.get_xticklabels()] == ["1.00"] * 3
    assert panel.get_title() == "class 0"


def test_parts_are_stacked_up_to_one():
    rows = [(20.0, -3.0, 3.5, 0.5), (1.0, 0.7, 0.1, 0.2)]
    summary = pd.DataFrame(rows, columns=["sigma", "wiener", "other", "nonlinear"])
    panel = linear_split.draw(summary.assign(off_diagonal=0.1, floor=0.01), "").axes[0]
    tops = [patch.get_paths()[0].vertices[:, 1].max() for patch in panel.collections]
    assert tops == pytest.approx([0.7, 0.8, 1.0], abs=0.21)
    assert max(tops) <= 1
    assert panel.get_lines()[0].get_ydata().tolist() == [-1, 0.7]


def test_a_figure_without_numbers_says_why():
    nothing = pd.DataFrame(columns=["sigma", "wiener"])
    for drawn in (
        linear_split.draw(nothing, "class a: few"),
        linear_shrinkage.draw(nothing, "class a: few"),
    ):
        (text,) = drawn.axes[0].texts
        assert "class a: few" in text.get_text()


def test_factors_against_those_of_the_covariance():
    rows = [(1.0, 1, 0.5, 0.6), (1.0, 2, 0.2, 0.1), (2.0, 1, 0.3, 0.3), (2.0, 2, 0.1, 0.1)]
    summary = pd.DataFrame(rows, columns=["sigma", "rank", "factor", "wiener"])
    figure = linear_shrinkage.draw(summary, "")
    np.testing.assert_allclose(figure.axes[0].get_lines()[0].get_xydata(), [[0.6, 0.5], [0.1, 0.2]])
    np.testing.assert_allclose(figure.axes[1].get_lines()[0].get_ydata(), [-0.1, 0.1])

import numpy as np
import pytest

from gaussianity.linear.figures.linear_locality import draw
from gaussianity.linear.filter_summary import filter_table, headline, levels

SHAPE = (1, 5, 5)


def row(*weights):
    """Weights of the pixel in the middle, and of its four neighbours."""
    found = np.zeros((5, 5))
    found[2, 2], found[[1, 3, 2, 2], [2, 2, 1, 3]] = weights
    return found.ravel()


def filters():
    """Two classes, two levels, one pixel: the fit reads the pixel alone, then a cross."""
    fitted = np.array([[[row(1, 0)], [row(1, 0.5)]]] * 2)
    wiener = np.array([[[row(1, 0.5)], [row(1, 0.5)]]] * 2)
    return dict(
        pixels=np.array([12]),
        sigmas=np.array([0.1, 1.0]),
        classes=np.array(["a", "b"]),
        fitted=fitted.astype(np.float32),
        wiener=wiener.astype(np.float32),
    )


def test_radii_and_correlations_of_known_rows():
    found = filter_table(filters(), SHAPE)
    assert found["image_class"].tolist() == ["a", "a", "b", "b"]
    means = levels(found)
    np.testing.assert_allclose(means["radius"], [0, np.sqrt(0.5)])
    np.testing.assert_allclose(means["wiener_radius"], np.sqrt(0.5))
    np.testing.assert_allclose(means["correlation"], [np.sqrt(0.5), 1])


def test_the_headline_names_both_ends():
    assert headline(filter_table(filters(), SHAPE)) == (
        "From σ = 0.1 to 1 the rows of the fit grow from 0.00 to 0.71 pixels, those of the Wiener "
        "filter from 0.71 to 0.71"
    )


def test_without_a_fit_the_table_is_empty():
    nothing = filters() | dict(classes=np.array([]), fitted=np.zeros((0,)), wiener=np.zeros((0,)))
    found = filter_table(nothing, SHAPE)
    assert found.empty
    assert "radius" in found


def test_rows_follow_their_class_level_and_pixel():
    """The second pixel of the second class at the second level reads another place."""
    of = filters()
    for name in ("fitted", "wiener"):
        of[name] = np.repeat(of[name], 2, axis=2)
    of["pixels"] = np.array([12, 13])
    of["fitted"][1, 1, 1] = row(0, 0) + np.eye(25)[10]  # three columns away
    found = filter_table(of, SHAPE).set_index(["image_class", "sigma", "pixel"])
    assert found["radius"]["b", 1.0, 13] == pytest.approx(3)
    assert found["correlation"]["b", 1.0, 13] == 0


def test_the_figure_says_why_there_is_no_fit():
    nothing = dict(pixels=[], sigmas=[], classes=[], fitted=[], wiener=[])
    figure = draw(filter_table(nothing, SHAPE), nothing, SHAPE, "3,072 pixels, at most 1,024")
    (text,) = figure.findobj(lambda each: getattr(each, "get_text", str)().startswith("No filter"))
    assert text.get_text() == "No filter was fitted: 3,072 pixels, at most 1,024."

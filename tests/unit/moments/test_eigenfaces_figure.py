"""The table and the colours of the figure of principal components."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from moments_figure_cases import faces_of

from gaussianity.moments.figures import eigenfaces


def test_explained_shares_by_hand():
    faces = faces_of(["a"], ["data", "diffusion"], 3, (1, 2, 2))
    faces["a", "diffusion"]["trace"] = 0.0
    faces["a", "diffusion"]["eigenvalues"] = np.zeros(3)
    found = eigenfaces.table(faces)
    assert found["rank"].tolist() == [1, 2, 3] * 2
    np.testing.assert_allclose(found["share"], [0.15, 0.1, 0.05, 0, 0, 0])
    np.testing.assert_allclose(found["cumulative"], [0.15, 0.25, 0.3, 0, 0, 0])


def test_colours_of_eigenvectors():
    """One channel: white at 0, mirrored signs; three: grey at 0, a channel bright or dark."""
    one = eigenfaces.coloured(np.array([[[0.0, 0.2, -0.2]]]))
    np.testing.assert_allclose(one[0, 0], 0.97, atol=0.01)
    assert one[0, 1, 2] > one[0, 1, 0]
    assert one[0, 2, 0] > one[0, 2, 2]
    three = eigenfaces.coloured(np.array([0.0, 0.5, -0.25]).reshape(3, 1, 1))
    np.testing.assert_allclose(three, [[[0.5, 1.0, 0.25]]])


def test_colours_of_images():
    """One channel is repeated, and values outside are clipped."""
    one = eigenfaces.grey(np.array([[[-0.5, 0.25, 1.5]]]))
    np.testing.assert_array_equal(one, [[[0] * 3, [0.25] * 3, [1] * 3]])
    three = np.random.default_rng(0).uniform(0, 1, (3, 2, 4))
    np.testing.assert_array_equal(eigenfaces.grey(three), three.transpose(1, 2, 0))


def test_tiles_are_in_rows_with_their_words_above():
    """Images of 4 x 2 pixels are twice as high as wide; a row has the mean and two vectors."""
    faces = faces_of(["a", "b"], ["data"], 2, (1, 4, 2))
    (panel,) = eigenfaces.draw(faces, eigenfaces.table(faces)).axes
    plt.close("all")
    row, across = eigenfaces.ROW * 2, eigenfaces.ACROSS
    extents = [
        (across * k, across * k + 1, row * i + 2, row * i) for i in range(2) for k in range(3)
    ]
    np.testing.assert_allclose([tile.get_extent() for tile in panel.images], extents)
    assert [text.get_text() for text in panel.texts] == ["mean", "10 %", "5 %"] * 2
    np.testing.assert_allclose(panel.get_yticks(), [1, row + 1])
    top, bottom = panel.get_ylim()[::-1]
    assert top == pytest.approx(2 - row)  # as much space above the first row as between rows
    assert bottom == pytest.approx(2 * row)
    assert panel.get_xlim()[1] == pytest.approx(3 * across)


def test_an_eigenvector_of_zeros_has_the_middle_colour_and_channels_come_last():
    np.testing.assert_array_equal(eigenfaces.coloured(np.zeros((3, 2, 4))), np.full((2, 4, 3), 0.5))
    vector = np.random.default_rng(0).standard_normal((3, 2, 4))
    found = eigenfaces.coloured(vector)
    np.testing.assert_allclose(found, (vector / abs(vector).max() + 1).transpose(1, 2, 0) / 2)
    assert eigenfaces.coloured(vector[:1]).shape == (2, 4, 3)

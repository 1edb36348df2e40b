"""The table and the colours of the figure of principal components."""

import numpy as np
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

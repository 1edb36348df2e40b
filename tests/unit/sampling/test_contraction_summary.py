"""The summary of local Lipschitz constants and its headline against numbers by hand."""

import numpy as np
import pandas as pd
import pytest

from gaussianity.sampling.contraction_summary import contraction_summary, headline


@pytest.fixture
def two_images():
    """Two images of a and one of b over two steps; in one step the constant is above 1, but the
    norm stays."""
    columns = dict(
        image_class=list("aaaabb"),
        seed=[0, 0, 1, 1, 2, 2],
        step=[0, 1] * 3,
        sigma=[80.0, 1.0] * 3,
        norm_ratio=[0.5, 1.0, 0.6, 1.1, 0.5, 1.2],
        lipschitz=[0.5, 2.0, 0.7, 0.9, 0.6, 1.000001],
        lipschitz_residual=[0.0, 0.1, 0.0, 0.2, 0.0, 0.0],
        closed_form=[np.nan] * 6,
        singular_1=[0.1, 1.0, 0.3, 3.0, 0.5, 2.0],
        singular_10=[0.0] * 6,
        singular_2=[0.1] * 6,
        singular_residual=[0.0] * 6,
    )
    return pd.DataFrame(columns)


def test_steps_that_expand_are_counted_beside_norms_that_grow(two_images):
    """A constant above 1 by rounding does not count."""
    found = contraction_summary(two_images)
    assert found["image_class"].tolist() == ["a", "a", "b", "b", "all", "all"]
    assert found["images"].tolist() == [2, 2, 1, 1, 3, 3]
    np.testing.assert_allclose(found["share_expands"], [0, 0.5, 0, 0, 0, 1 / 3])
    np.testing.assert_allclose(found["share_grew"], [0, 0.5, 0, 1, 0, 2 / 3])
    np.testing.assert_allclose(found["share_both"], [0, 0.5, 0, 0, 0, 1 / 3])
    np.testing.assert_allclose(found["median"], [0.6, 1.45, 0.6, 1.000001, 0.6, 1.000001])
    np.testing.assert_allclose(found["most"], [0.7, 2, 0.6, 1.000001, 0.7, 2])
    np.testing.assert_allclose(found["q95"][1], 0.9 + 0.95 * 1.1)
    np.testing.assert_allclose(found["residual"], [0, 0.2, 0, 0, 0, 0.2])
    np.testing.assert_allclose(found["singular_1"], [0.2, 2, 0.5, 2, 0.3, 2])
    assert [c for c in found if "singular" in c] == ["singular_1", "singular_2", "singular_10"]


def test_the_headline_says_where_steps_expand(two_images):
    expected = r"16.7 % of 6 steps expand: at $\sigma$ = 1, up to 2 at $\sigma$ = 1"
    assert headline(contraction_summary(two_images)) == expected
    calm = two_images.assign(lipschitz=two_images["lipschitz"] / 4)
    expected = (
        r"No step of the 6 measured expands; largest local Lipschitz constant 0.5 at $\sigma$ = 1"
    )
    assert headline(contraction_summary(calm)) == expected
    still = two_images.assign(lipschitz=1 - 1e-7)
    assert headline(contraction_summary(still)).endswith("constant close to 1")

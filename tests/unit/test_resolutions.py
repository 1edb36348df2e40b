"""Lower resolutions: sizes, what is kept, and that noise stays noise."""

import numpy as np
import pytest

from gaussianity.resolutions import resolutions


def test_sizes_rise_and_stand_once():
    found = resolutions(np.zeros((2, 3, 8, 4)), [0.25, 0.26, 0.5, 1.0])
    assert [rows.shape for rows in found] == [(2, 3 * 2 * 1), (2, 3 * 4 * 2), (2, 3 * 8 * 4)]


def test_all_frequencies_keep_products():
    images = np.random.default_rng(0).standard_normal((5, 2, 6, 7))
    (whole,) = resolutions(images, [1.0])
    flat = images.reshape(5, -1)
    np.testing.assert_allclose(whole @ whole.T, flat @ flat.T, atol=1e-12)


def test_a_constant_image_is_one_number_at_any_resolution():
    for rows in resolutions(np.full((1, 1, 8, 8), 0.5), [0.1, 0.5, 1.0]):
        assert rows[0, 0] == pytest.approx(4.0)  # 0.5 * sqrt(64)
        np.testing.assert_allclose(rows[0, 1:], 0, atol=1e-14)


def test_lower_resolutions_are_orthogonal_projections():
    """Of all unit images at once: the rows' products are the projection matrix."""
    units = np.eye(30).reshape(30, 1, 5, 6)
    low, _ = resolutions(units, [0.5, 1.0])
    projection = low @ low.T
    np.testing.assert_allclose(projection @ projection, projection, atol=1e-12)
    assert projection.trace() == pytest.approx(low.shape[1])

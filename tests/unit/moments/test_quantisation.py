"""Eigenvalues of stored images against closed forms."""

import numpy as np
import pytest

from gaussianity.io.images import to_uint8
from gaussianity.moments import quantisation


def quantised(rows):
    """The table of images with a height of one pixel."""
    return quantisation.stored_eigenvalues(rows[:, None, None, :].astype(np.float32))


def test_rounding_adds_the_variance_of_an_error_uniform_on_one_level():
    """Pixels with variances from far above to far below it, each spread over several levels by a
    part that all share, so that the errors are uniform; 1/12 of a level squared is added to all."""
    generator = np.random.default_rng(0)
    common = generator.uniform(0.2, 0.8, (20000, 1)) * np.linspace(0.7, 1, 20)
    own = generator.normal(0, 1, (20000, 20)) * np.geomspace(0.02, 1e-5, 20)
    found = quantised(common + own)
    added = found["uint8"] - found["float32"]
    assert (found["float32"] < 0.01 * quantisation.UNIFORM).sum() > 3
    np.testing.assert_allclose(added[5:], 1 / 255**2 / 12, rtol=0.15)
    assert added[5:].mean() == pytest.approx(1 / 255**2 / 12, rel=0.03)
    np.testing.assert_allclose(found["law"], found["uint8"], rtol=0.15)
    assert found["error"][0] == pytest.approx(1, rel=0.02)
    assert found["outside"][0] == found["constant"][0] == 0
    small = found["uint8"].iloc[-4:]
    assert small.between(0.8 * found["floor_low"][0], 1.2 * found["floor_high"][0]).all()


def test_the_floor_of_few_images_is_that_of_marchenko_and_pastur():
    """Errors of 40 images of 400 pixels: eigenvalues around d / (n - 1) times the variance."""
    generator = np.random.default_rng(0)
    rows = np.linspace(0.2, 0.8, 400) + generator.uniform(-0.02, 0.02, (40, 400))
    errors = to_uint8(2 * rows - 1) / 255 - rows
    found = quantised(rows)
    values = quantised(errors)["float32"]
    assert values.min() > 0.9 * found["floor_low"][0]
    assert values.max() < 1.1 * found["floor_high"][0]
    mean = (found["law"] - found["clipped"])[0]
    assert values.mean() == pytest.approx(mean, rel=0.05)
    # Centred images have 39 eigenvalues, which add up to the variance of 400 rounded pixels.
    assert mean * 39 == pytest.approx(quantisation.UNIFORM * 400, rel=1e-6)
    ends = np.sqrt(found.loc[0, ["floor_low", "floor_high"]].astype(float) / quantisation.UNIFORM)
    assert np.diff(ends)[0] == pytest.approx(2, rel=1e-9)
    assert ends.prod() == pytest.approx(400 / 39 - 1, rel=1e-9)


def test_clipping_and_pixels_that_are_rounded_to_one_level():
    """Half of the pixels are outside, and one varies by less than a level."""
    generator = np.random.default_rng(0)
    rows = generator.normal(0, 0.3, (500, 8))
    rows[:, 7] = 128 / 255 + generator.uniform(-1, 1, 500) / 2000
    found = quantised(rows)
    assert found["outside"][0] == pytest.approx(0.5 * 7 / 8, abs=0.02)
    assert found["constant"][0] == 1 / 8
    added = (found["law"] - found["clipped"])[0] / quantisation.UNIFORM
    assert added == pytest.approx(1 - found["outside"][0], rel=1e-3)
    kept = rows.clip(0, 1)
    values = np.linalg.eigvalsh(np.cov(kept.astype(np.float32).T))[::-1]
    np.testing.assert_allclose(found["clipped"], values, rtol=1e-4)
    assert found["uint8"].iloc[-1] == pytest.approx(0, abs=1e-12)
    assert (found["clipped"] < found["float32"])[:7].all()


def test_pixels_that_are_all_clipped_have_no_error():
    found = quantised(np.random.default_rng(0).choice([-1.0, 2.0], (20, 3)))
    assert (found["outside"][0], found["error"][0]) == (1, 0)
    np.testing.assert_allclose(found["law"], found["clipped"])
    # A value of 0 or 1 is a level, and is not counted as rounded.
    ends = quantised(np.random.default_rng(0).choice([0.0, 1.0], (20, 3)))
    assert ends["outside"][0] == 1


def test_images_that_do_not_differ_have_no_eigenvalues():
    with pytest.raises(ValueError, match="at least 2 images that differ, found 5 equal ones"):
        quantised(np.full((5, 3), 0.3))

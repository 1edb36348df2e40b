"""Ledoit and Wolf's shrinkage against scikit-learn's, and its scripts: moments and gaussian."""

import gaussian as gaussian_script
import moments as moments_script
import numpy as np
import pytest
from sklearn.covariance import LedoitWolf, ledoit_wolf_shrinkage

from gaussianity.io.files import read_artifact, write_npz
from gaussianity.io.images import rows as unit_rows
from gaussianity.moments.gaussian import from_covariance, normals
from gaussianity.moments.moments import batch_moments, image_moments
from gaussianity.moments.shrinkage import ledoit_wolf, shrunk


def correlated(n, d, seed=0):
    generator = np.random.default_rng(seed)
    return generator.standard_normal((n, d)) @ generator.standard_normal((d, d)) + 3


@pytest.mark.parametrize(("n", "d"), [(2, 2), (3, 40), (60, 5), (50, 50), (30, 1100), (400, 1)])
def test_the_shrinkage_is_that_of_scikit_learn(n, d):
    """With fewer rows than pixels, more, and more pixels than scikit-learn's blocks."""
    rows = correlated(n, d)
    expected = ledoit_wolf_shrinkage(rows)
    assert 0 <= expected <= 1
    found = ledoit_wolf(batch_moments(rows), np.array_split(rows, 2))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_unit_offset_and_sharding_do_not_matter():
    rows = correlated(40, 12)
    one = ledoit_wolf(batch_moments(rows), [rows])
    other = ledoit_wolf(batch_moments(255 * rows - 7), np.array_split(255 * rows - 7, 9))
    assert other == pytest.approx(one, rel=1e-9)


def test_many_images_are_hardly_shrunk_and_white_noise_entirely():
    many = correlated(20_000, 6)
    assert ledoit_wolf(batch_moments(many), [many]) < 0.01
    white = np.random.default_rng(0).standard_normal((30, 200))
    assert ledoit_wolf(batch_moments(white), [white]) > 0.9


def test_two_rows_are_never_shrunk_below_nothing():
    """Their fourth powers leave no sampling error, but for rounding."""
    for seed in range(30):
        rows = correlated(2, 3, seed)
        assert ledoit_wolf(batch_moments(rows), [rows]) == pytest.approx(0, abs=1e-12)
        assert ledoit_wolf(batch_moments(rows), [rows]) >= 0


def test_equal_rows_are_not_shrunk():
    rows = np.ones((5, 4))
    assert ledoit_wolf(batch_moments(rows), [rows]) == 0


def test_a_single_pixel_is_not_shrunk():
    """Also where the distance from m I, which is 0, is rounded to a positive number."""
    for rows in np.random.default_rng(0).standard_normal((100, 3, 1)):
        assert ledoit_wolf(batch_moments(rows), [rows]) == 0


def test_other_rows_than_those_of_the_moments_are_an_error():
    rows = correlated(6, 3)
    with pytest.raises(ValueError, match="expected 6 rows, found 5"):
        ledoit_wolf(batch_moments(rows), [rows[1:]])


def test_a_stack_of_covariances():
    stack = np.stack([np.cov(correlated(9, 4, seed).T) for seed in range(3)])
    found = shrunk(stack, np.array([0.0, 0.3, 1.0]))
    for matrix, result, s in zip(stack, found, (0.0, 0.3, 1.0), strict=True):
        expected = (1 - s) * matrix + s * np.trace(matrix) / 4 * np.eye(4)
        np.testing.assert_allclose(result, expected)
    assert shrunk(stack, 0.0) is stack
    several = shrunk(np.stack([stack, 2 * stack]), np.array([[0.0, 0.3, 1.0]] * 2))
    np.testing.assert_allclose(several, [found, 2 * found])


@pytest.fixture
def class_of_images(tmp_path, monkeypatch):
    """Two shards of 20 images of 3 x 5 pixels of 8 bits, or 24 images of 30 pixels."""
    monkeypatch.chdir(tmp_path)

    def write(n, width):
        images = np.random.default_rng(0).integers(0, 256, (n, 1, 3, width)).astype(np.uint8)
        for shard, part in enumerate(np.array_split(images, 2)):
            write_npz(f"results/one/data/0/{shard}.npz", images=part)
        return images, [f"results/one/data/0/{shard}.npz" for shard in (0, 1)]

    return write


def drawn(shards, covariance):
    """Output of the two scripts: moments and 400 samples."""
    moments = f"results/one/moments/{covariance}/0.npz"
    images = f"results/one/gaussian/{covariance}/0/0.npz"
    moments_script.main(shard_paths=shards, moments_path=moments, covariance=covariance)
    numbers = dict(fitted_index=0, class_index=0, bounds=(0, 400), study_seed=0)
    gaussian_script.main(moments_path=moments, shard_paths=shards, images_path=images, **numbers)
    return read_artifact(moments), unit_rows(read_artifact(images)["images"])


@pytest.mark.parametrize(("n", "width"), [(40, 5), (24, 10)], ids=["covariance", "rows"])
def test_the_scripts_draw_from_the_shrunk_covariance(class_of_images, n, width):
    """The same normals through the symmetric root, or the chi-square distribution of the trace."""
    images, shards = class_of_images(n, width)
    rows = unit_rows(images)
    moments, samples = drawn(shards, "ledoit_wolf")
    fitted = LedoitWolf().fit(rows)
    assert moments["shrinkage"] == pytest.approx(fitted.shrinkage_, rel=1e-9)
    np.testing.assert_allclose(moments["covariance"], np.cov(rows.T), rtol=1e-9, atol=1e-15)
    covariance = fitted.covariance_ * n / (n - 1)
    centred, d = samples - moments["mean"], rows.shape[1]
    spread = np.einsum("ni,ij,nj->", centred, np.linalg.inv(covariance), centred) / (400 * d)
    assert spread == pytest.approx(1, abs=5 * np.sqrt(2 / (400 * d)))
    if width == 5:
        z = normals(0, 0, 0, range(400), d)
        expected = from_covariance(z, moments["mean"], covariance)
        np.testing.assert_allclose(samples, expected, atol=1e-6)


@pytest.mark.parametrize(("n", "width"), [(40, 5), (24, 10)], ids=["covariance", "rows"])
def test_without_shrinkage_samples_are_those_of_the_sample_covariance(class_of_images, n, width):
    images, shards = class_of_images(n, width)
    moments, samples = drawn(shards, "sample")
    assert moments["shrinkage"] == 0
    total = image_moments([images])
    if width == 5:
        z = normals(0, 0, 0, range(400), 15)
        expected = from_covariance(z, total.mean, total.covariance)
    else:
        z = normals(0, 0, 0, range(400), 24)
        expected = total.mean + z @ (unit_rows(images) - total.mean) / np.sqrt(23)
    np.testing.assert_allclose(samples, expected, atol=1e-5)

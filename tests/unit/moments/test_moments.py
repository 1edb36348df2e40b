"""Moments against a two-pass reference in extended precision."""

import tracemalloc

import numpy as np
import pytest

from gaussianity.errors import InputError
from gaussianity.io.files import write_npz
from gaussianity.io.images import rows as unit_rows
from gaussianity.moments.moments import (
    batch_moments,
    image_moments,
    read_moments,
    stream_moments,
)


@pytest.fixture
def rows():
    """Correlated rows far from the origin, where raw second moments would lose digits."""
    generator = np.random.default_rng(1)
    return 1e4 + generator.standard_normal((500, 12)) @ generator.standard_normal((12, 12))


def two_pass(rows):
    exact = rows.astype(np.longdouble)
    mean = exact.mean(axis=0)
    centred = exact - mean
    return mean, centred.T @ centred / (len(rows) - 1)


def relative_error(found, expected):
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def test_moments_of_a_batch(rows):
    mean, covariance = two_pass(rows)
    found = batch_moments(rows)
    assert found.count == 500
    assert relative_error(found.mean, mean) < 1e-14
    assert relative_error(found.covariance, covariance) < 1e-10


@pytest.mark.parametrize("shards", [1, 2, 3, 7, 250, 500])
def test_any_sharding_equals_the_two_pass_reference(rows, shards):
    mean, covariance = two_pass(rows)
    moments = stream_moments(np.array_split(rows, shards))
    assert moments.count == len(rows)
    assert relative_error(moments.mean, mean) < 1e-12
    # The offset is 1e4 standard deviations: rounding of the rows' mean bounds what is possible.
    assert relative_error(moments.covariance, covariance) < 1e-12


def test_pixels_of_eight_bits():
    rows = np.random.default_rng(2).integers(0, 256, (4096, 16)).astype(np.float64)
    mean, covariance = two_pass(rows)
    moments = stream_moments(np.array_split(rows, 9))
    assert relative_error(moments.mean, mean) < 1e-12
    assert relative_error(moments.covariance, covariance) < 1e-12


def test_order_of_the_shards_does_not_matter(rows):
    shards = np.array_split(rows, 5)
    forwards, backwards = stream_moments(shards), stream_moments(shards[::-1])
    np.testing.assert_allclose(forwards.scatter, backwards.scatter, rtol=1e-10)


def test_moments_of_three_rows_by_hand():
    """Rows (0, 1), (2, 1), (4, 4): mean (2, 2), sums of centred squares 8 and 6, of products 6."""
    rows = np.array([[0.0, 1.0], [2.0, 1.0], [4.0, 4.0]])
    for batches in ([rows], [rows[:2], rows[2:]], [rows[:1], rows[1:2], rows[:0], rows[2:]]):
        moments = stream_moments(batches)
        assert moments.count == 3
        np.testing.assert_allclose(moments.mean, [2.0, 2.0], rtol=1e-15)
        np.testing.assert_allclose(moments.scatter, [[8.0, 6.0], [6.0, 6.0]], rtol=1e-15)
        np.testing.assert_allclose(moments.covariance, [[4.0, 3.0], [3.0, 3.0]], rtol=1e-15)


def test_memory_does_not_grow_with_the_shards():
    """Peak memory for 4 and for 64 shards of the same size, which are 16 times as many."""

    def peak(shards):
        generator = np.random.default_rng(0)
        tracemalloc.start()
        stream_moments(generator.standard_normal((200, 100)) for _ in range(shards))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(1)  # the first call loads modules
    assert peak(64) < 1.2 * peak(4)


def test_errors():
    with pytest.raises(ValueError, match="dimensions differ: 2 and 3"):
        stream_moments([np.ones((2, 2)), np.ones((2, 3))])
    with pytest.raises(ValueError, match="at least 2 rows, found 1"):
        _ = batch_moments(np.ones((1, 3))).covariance
    with pytest.raises(ValueError, match="at least one row"):
        stream_moments([])


def eight_bits(n, shape, seed=0):
    """Images of 8 bits whose pixels range from nearly constant to black or white at random."""
    generator = np.random.default_rng(seed)
    d = np.prod(shape)
    centre, spread = generator.uniform(0, 255, d), generator.uniform(1, 200, d)
    drawn = centre + spread * generator.standard_normal((n, d))
    return drawn.clip(0, 255).astype(np.uint8).reshape(n, *shape)


def exact_scatter(images):
    """n^2 * 255^2 times the covariance of n in the denominator, in integers: (d, d)."""
    integers = images.reshape(len(images), -1).astype(np.int64)
    total = integers.sum(axis=0)
    products = sum(
        np.einsum("ni,nj->ij", part, part) for part in np.array_split(integers, len(integers) // 50)
    )
    return len(integers) * products - np.outer(total, total)


def shards(images, kind):
    """The same images in other batches."""
    return {
        "one": [images],
        "two": np.array_split(images, 2),
        "uneven": np.split(images, [1, 4, 1030]),
        "reversed": np.array_split(images, 7)[::-1],
    }[kind]


@pytest.mark.parametrize("kind", ["one", "two", "uneven", "reversed"])
def test_eight_bits_are_summed_in_exact_integers(kind):
    """More images than a block of 1,024, every sharding: each element is rounded once."""
    images = eight_bits(2100, (3, 4, 5))
    moments, n = image_moments(shards(images, kind)), len(images)
    assert moments.count == n
    np.testing.assert_array_equal(moments.scatter, exact_scatter(images) / (n * 65025))
    exact = exact_scatter(images).astype(np.longdouble) / (np.longdouble(n) * (n - 1) * 65025)
    np.testing.assert_allclose(moments.covariance, exact, rtol=1e-15, atol=0)
    mean = images.reshape(n, -1).sum(axis=0, dtype=np.int64) / (np.longdouble(n) * 255)
    np.testing.assert_allclose(moments.mean, mean, rtol=1e-15, atol=1e-16)


def test_eight_bits_of_the_greatest_contrast():
    """Sums of 1,024 products of 128 times 128: the largest that float32 must hold."""
    images = np.where(np.random.default_rng(1).random((3000, 1, 5, 5)) < 0.99, 0, 255)
    images = images.astype(np.uint8)
    found = image_moments([images]).scatter
    np.testing.assert_array_equal(found, exact_scatter(images) / (3000 * 65025))


@pytest.mark.parametrize("value", [0, 1, 77, 128, 254, 255])
def test_constant_pixels_have_their_value_and_no_covariance(value):
    images = eight_bits(1500, (1, 4, 4))
    images[:, 0, 1, :] = value
    moments = image_moments(np.array_split(images, 3))
    np.testing.assert_array_equal(moments.mean[4:8], value / 255)
    assert (moments.scatter[4:8] == 0).all()
    assert (moments.scatter[:, 4:8] == 0).all()
    assert (np.diag(moments.scatter)[8:] > 0).all()


def test_images_of_more_pixels_than_a_strip():
    """d = 1,280 crosses the strips of 1,024 rows of the product and of 256 of its mirror."""
    images = eight_bits(1100, (5, 16, 16))
    moments = image_moments(np.array_split(images, 2))
    rows = unit_rows(images)
    np.testing.assert_allclose(moments.covariance, np.cov(rows.T), rtol=1e-9, atol=1e-13)
    np.testing.assert_array_equal(moments.scatter, moments.scatter.T)
    streamed = stream_moments(np.array_split(rows, 2))
    np.testing.assert_allclose(streamed.covariance, np.cov(rows.T), rtol=1e-9, atol=1e-13)
    np.testing.assert_array_equal(streamed.scatter, streamed.scatter.T)


def test_any_sharding_of_many_pixels_is_bitwise_the_same():
    images = eight_bits(1100, (5, 15, 15))
    whole, parts = image_moments([images]), image_moments(np.array_split(images, 9)[::-1])
    np.testing.assert_array_equal(whole.scatter, parts.scatter)
    np.testing.assert_array_equal(whole.mean, parts.mean)


def test_images_of_floats_are_a_stream_of_rows():
    images = np.random.default_rng(3).normal(0.5, 0.3, (700, 2, 3, 3)).astype(np.float32)
    parts = np.array_split(images, 4)
    found, expected = (
        image_moments(parts),
        stream_moments(part.reshape(len(part), -1) for part in parts),
    )
    np.testing.assert_array_equal(found.scatter, expected.scatter)
    np.testing.assert_array_equal(found.mean, expected.mean)
    _, covariance = two_pass(images.reshape(700, -1))
    assert relative_error(found.covariance, covariance) < 1e-14


def test_empty_batches_of_images_change_nothing():
    images = eight_bits(40, (1, 3, 3))
    for kind in (images, images.astype(np.float32)):
        expected = image_moments([kind])
        for batches in ([kind, kind[:0]], [kind[:0], kind]):
            found = image_moments(batches)
            assert found.count == 40
            np.testing.assert_array_equal(found.scatter, expected.scatter)


def test_no_images_are_an_error():
    with pytest.raises(ValueError, match="at least one row, found none"):
        image_moments([])
    with pytest.raises(ValueError, match="at least one row, found none"):
        image_moments(iter(()))


def test_images_are_left_alone():
    images = eight_bits(30, (1, 3, 3))
    before = images.copy()
    image_moments([images])
    np.testing.assert_array_equal(images, before)


def test_the_covariance_takes_the_memory_of_the_scatter(rows):
    moments = batch_moments(rows)
    expected, scatter = moments.covariance, moments.scatter
    found = moments.into_covariance()
    assert found is scatter
    np.testing.assert_array_equal(found, expected)
    with pytest.raises(ValueError, match="at least 2 rows, found 1"):
        batch_moments(np.ones((1, 3))).into_covariance()


STORED = dict(
    count=np.int64(5), mean=np.arange(3.0), covariance=np.eye(3), shrinkage=np.float64(0.5)
)


@pytest.mark.parametrize("names", [("count", "mean"), ("covariance",), tuple(STORED)])
def test_stored_moments_are_read(tmp_path, names):
    write_npz(tmp_path / "a.npz", **STORED)
    found = read_moments(tmp_path / "a.npz", *names)
    assert set(found) == set(names)
    for name in names:
        np.testing.assert_array_equal(found[name], STORED[name], strict=True)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("count", np.float64(5), r"int64 of shape \(\), found float64 of shape \(\)"),
        ("count", np.int32(5), r"int64 of shape \(\), found int32 of shape \(\)"),
        ("mean", np.arange(3), r"float64 of shape \(3,\), found int64 of shape \(3,\)"),
        ("mean", np.ones((3, 1)), r"float64 of shape \(3,\), found float64 of shape \(3, 1\)"),
        ("covariance", np.eye(4), r"float64 of shape \(3, 3\), found float64 of shape \(4, 4\)"),
        ("shrinkage", np.float32(0), r"float64 of shape \(\), found float32 of shape \(\)"),
    ],
)
def test_what_is_not_moments_is_refused(tmp_path, name, value, message):
    write_npz(tmp_path / "a.npz", **STORED | {name: value})
    with pytest.raises(InputError, match=rf"a\.npz: {name} must be {message}$"):
        read_moments(tmp_path / "a.npz", *STORED)

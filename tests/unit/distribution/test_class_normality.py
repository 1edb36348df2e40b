"""One class from its images: the answer is known for normal, skewed and clipped normal images."""

import numpy as np
import pytest
from normality_cases import in_levels, moderate, normal_rows, nulls_of, split

from gaussianity.distribution.class_normality import (
    Generators,
    Nulls,
    Settings,
    class_normality,
    regrouped,
    row_range,
)
from gaussianity.distribution.distances import class_distances
from gaussianity.distribution.distances.class_distances import first_rows, other_gaussian
from gaussianity.distribution.pictures.class_pictures import class_pictures
from gaussianity.distribution.pictures.worst_direction import WorstDirection
from gaussianity.distribution.power.power import sizes
from gaussianity.distribution.principal_scores import principal_scores
from gaussianity.moments.gaussian import gaussian_samples
from gaussianity.moments.moments import stream_moments

COLUMNS = [
    *("kind", "images", "repeated", "constant", "directions", "step", "share", "p_value"),
    *("statistic", "largest", "mean", "radius", "marked", "most_departing"),
    *("distance", "distance_low", "distance_high", "accuracy", "accuracy_low", "accuracy_high"),
    *("beyond", "beyond_low", "beyond_high", "covariance_error", "needed"),
    *("frechet", "frechet_gaussian", "kernel", "kernel_gaussian", "sliced", "sliced_gaussian"),
    *("distance_images", "worst_delta", "worst_p"),
]
DIRECTION_COLUMNS = [
    *("kind", "rank", "variance", "share", "delta", "p_value", "marked", "band"),
    "share_of_distance",
]
PICTURES = {
    *("mean", "pattern", "filter", "pixel_map"),
    *("scores", "worst_delta", "worst_p", "rank"),
}


def generators(seed=0):
    return Generators(*np.random.default_rng(seed).spawn(7))


def measured(rows, *, gaussian=None, size=1000, seed=0, nulls=None, **settings):
    """The class of some rows (n, d), with Gaussian data of as many samples."""
    if gaussian is None:
        gaussian = gaussian_samples(rows, len(rows), np.random.default_rng(99))
    if nulls is None:
        nulls = nulls_of(len(rows), *sizes(len(rows)), most=16, draws=199)
    settings = Settings(**dict(most=16) | settings)
    return class_normality(
        split(rows, size), split(gaussian, size), nulls, generators(seed), settings
    )


def of_kind(found, kind="images"):
    """The row of a kind as a dict."""
    (number,) = np.flatnonzero(found.rows["kind"] == kind)
    return {name: column[number] for name, column in found.rows.items()}


@pytest.fixture(scope="module")
def normal():
    return measured(moderate(normal_rows(400, 12, np.random.default_rng(1))))


@pytest.fixture(scope="module")
def direction():
    return np.linalg.qr(np.random.default_rng(5).standard_normal((12, 12)))[0][:, 0]


@pytest.fixture(scope="module")
def skewed(direction):
    """One direction of half the variance is exponential."""
    generator = np.random.default_rng(2)
    rows = 0.3 * generator.standard_normal((400, 12))
    return measured(moderate(rows + np.outer(generator.exponential(size=400) - 1, direction)))


@pytest.fixture(scope="module")
def clipped_rows():
    """8-bit images of a normal distribution, three quarters of whose values are outside [0, 1]."""
    return in_levels(normal_rows(500, 8, np.random.default_rng(3), mean=0.1) * 3)


@pytest.fixture(scope="module")
def clipped(clipped_rows):
    return measured(clipped_rows)


def test_tables_have_the_columns_of_the_files(normal, clipped):
    for found in (normal, clipped):
        assert list(found.rows) == COLUMNS
        assert list(found.directions) == DIRECTION_COLUMNS
        assert list(found.power) == ["images", "subsamples", "rejected", "low", "high"]
        assert set(found.pictures) == PICTURES
    assert list(normal.rows["kind"]) == ["images", "gaussian"]
    assert list(clipped.rows["kind"]) == ["images", "gaussian", "clipped"]
    assert set(clipped.directions["kind"]) == {"images", "gaussian", "clipped"}


def test_a_normal_class_is_not_rejected(normal):
    row = of_kind(normal)
    assert row["p_value"] > 0.01
    assert row["distance"] < 0.06
    assert row["distance_low"] < 0.01
    assert abs(row["accuracy"] - 0.5) < 0.06
    assert row["marked"] == 0
    assert np.isnan(row["needed"])
    assert np.isnan([row[n] for n in ("beyond", "covariance_error")]).all()
    assert of_kind(normal, "gaussian")["p_value"] > 0.01
    assert row["share"] == pytest.approx(1, abs=1e-9)


def test_distances_of_a_normal_class_are_those_of_the_estimated_moments(normal):
    """The images have the moments of the Gaussian data's distribution, other Gaussian data do not.

    So the Frechet distance has one estimation error instead of two.
    """
    row = of_kind(normal)
    assert row["distance_images"] == 400
    assert 0.002 < row["frechet"] < 0.03  # of the trace, about d / (4 n)
    assert 1.3 < row["frechet_gaussian"] / row["frechet"] < 3
    assert 0.4 < row["sliced"] / row["sliced_gaussian"] < 2
    assert abs(row["kernel"]) < 1e-3 > abs(row["kernel_gaussian"])


def test_the_picture_of_a_normal_class_is_a_principal_direction(normal):
    pictures, deltas = normal.pictures, normal.directions["delta"]
    rank = pictures["rank"]
    assert pictures["worst_p"] >= 0.05
    assert rank == of_kind(normal)["most_departing"] > 0
    assert len(pictures["scores"]) == 400
    assert deltas[rank - 1] == deltas[:12].max()
    variance = normal.directions["variance"][rank - 1]
    assert np.linalg.norm(pictures["pattern"]) == pytest.approx(np.sqrt(variance))
    assert pictures["pattern"] @ pictures["filter"] == pytest.approx(1)


def test_a_skewed_class_is_rejected_where_it_is_skewed(skewed, direction):
    row, pictures = of_kind(skewed), skewed.pictures
    assert row["p_value"] < 0.01
    assert row["most_departing"] == 1
    assert row["distance_low"] > 0.2  # an exponential direction has 0.44
    assert row["worst_p"] < 0.05
    assert row["worst_delta"] == pictures["worst_delta"] > 0.3
    assert pictures["rank"] == 0
    assert len(pictures["scores"]) == 200
    unit = pictures["pattern"] / np.linalg.norm(pictures["pattern"])
    assert abs(unit @ direction) > 0.97
    assert 25 <= row["needed"] <= 100
    assert skewed.power["rejected"][-1] == 1
    of_images = skewed.directions["kind"] == "images"
    assert skewed.directions["marked"][of_images][0] == 1
    assert skewed.directions["share_of_distance"][of_images].sum() == pytest.approx(1)
    np.testing.assert_array_equal(skewed.directions["rank"][of_images], np.arange(1, 13))


def test_a_departure_that_no_picture_shows_is_not_searched():
    """The third direction is exponential and has 0.1 % of the variance."""
    generator = np.random.default_rng(8)
    rows = np.column_stack([normal_rows(300, 2, generator), generator.exponential(0.04, 300)])
    found = measured(moderate(rows))
    assert of_kind(found)["most_departing"] == 3
    assert of_kind(found)["worst_p"] > 0.05
    assert found.pictures["rank"] in (1, 2)
    pattern = found.pictures["pattern"]
    assert abs(pattern[2]) < 0.1 * np.linalg.norm(pattern)


def test_directions_add_up_to_the_distance(skewed):
    """D^2 is the sum of share (delta^2 - null mean), and the band is the null's 95 % quantile."""
    null, kept = nulls_of(400, most=16, draws=199)[400], skewed.directions["kind"] == "images"
    share, delta, band = (skewed.directions[name][kept] for name in ("share", "delta", "band"))
    expected = np.sqrt(share @ (delta**2 - null.mean))
    assert of_kind(skewed)["distance"] == pytest.approx(expected)
    np.testing.assert_array_equal(band, null.quantile(0.95))


def test_clipping_is_told_from_shape(clipped):
    """A network tells clipped images from Gaussian data, but not from clipped Gaussian data."""
    row, data = of_kind(clipped), of_kind(clipped, "clipped")
    assert row["p_value"] < 0.01
    assert row["accuracy"] > 0.65 < data["accuracy"]
    assert abs(row["beyond"] - 0.5) < 0.05
    assert row["beyond_low"] < row["beyond"] < row["beyond_high"]
    assert data["covariance_error"] < 0.05
    assert np.isnan(data["p_value"])
    assert data["distance"] == pytest.approx(row["distance"], abs=0.05)
    assert row["step"] == pytest.approx(1 / 255)


def test_shape_beyond_clipping_is_found():
    """Images in two clusters around opposite corners, of which few values are clipped."""
    generator = np.random.default_rng(4)
    centres = 0.5 + generator.choice([-0.4, 0.4], (400, 1)) * [1, 1, -1, -1]
    row = of_kind(measured(in_levels(centres + 0.1 * generator.standard_normal((400, 4)))))
    assert row["beyond_low"] > 0.55


def test_results_depend_on_neither_the_shards_nor_the_run(clipped, clipped_rows):
    again = measured(clipped_rows, size=7)
    for name in ("rows", "directions", "power", "pictures"):
        for column, values in getattr(clipped, name).items():
            np.testing.assert_array_equal(getattr(again, name)[column], values)


@pytest.mark.parametrize("size", [1, 700, 1024, 5000])
def test_rows_are_regrouped_whatever_the_shards_are(size):
    rows = np.arange(2500.0)[:, None]
    batches = list(regrouped(split(rows, size))())
    assert [len(batch) for batch in batches] == [1024, 1024, 452]
    np.testing.assert_array_equal(np.concatenate(batches), rows)


def test_another_seed_changes_what_is_drawn(skewed, direction):
    generator = np.random.default_rng(2)
    rows = 0.3 * generator.standard_normal((400, 12))
    rows = moderate(rows + np.outer(generator.exponential(size=400) - 1, direction))
    row, other = of_kind(skewed), of_kind(measured(rows, seed=1))
    assert row["p_value"] == other["p_value"]
    for name in ("accuracy", "worst_delta", "sliced", "frechet_gaussian"):
        assert row[name] != other[name]


def test_repeated_images_are_counted_and_left_out():
    """15 more images would allow a direction more, 13 of 40, and another share of the variance."""
    rows = moderate(np.random.default_rng(6).exponential(size=(120, 40)))
    repeated = np.concatenate([rows, rows[:15]])
    found = measured(repeated, nulls=nulls_of(120, 135, *sizes(120), most=16, draws=199))
    assert (of_kind(found)["images"], of_kind(found)["repeated"]) == (120, 15)
    alone = of_kind(measured(rows, nulls=nulls_of(120, *sizes(120), most=16, draws=199)))
    assert alone["distance"] > 0
    for name in ("directions", "share", "p_value", "distance", "accuracy"):
        assert of_kind(found)[name] == alone[name]


def test_repeated_images_change_neither_the_pixel_map_nor_the_clipped_gaussian_data():
    """Half of the images are one and the same: its values would be a peak in every pixel."""
    rows = in_levels(0.2 * normal_rows(150, 6, np.random.default_rng(6), mean=1))
    repeated = np.concatenate([rows, np.repeat(rows[:1], 150, axis=0)])
    nulls = nulls_of(150, 300, *sizes(150), most=16, draws=199)
    found, alone = measured(repeated, nulls=nulls), measured(rows, nulls=nulls)
    assert of_kind(found)["repeated"] == 150
    np.testing.assert_array_equal(found.pictures["pixel_map"], alone.pictures["pixel_map"])
    for name in ("distance", "accuracy", "covariance_error"):
        assert of_kind(found, "clipped")[name] == of_kind(alone, "clipped")[name]
    assert of_kind(found)["beyond"] == of_kind(alone)["beyond"]


def test_a_missing_null_has_as_many_draws_as_the_given_ones():
    given = nulls_of(20, most=2, draws=1500)
    assert len(Nulls(given, np.random.default_rng(0), 2)[21].parts) == 1500


def test_too_few_distinct_images_are_counted():
    rows = np.random.default_rng(0).uniform(0, 1, (10, 4))
    row = of_kind(measured(np.tile(rows, (4, 1)), nulls={}))
    assert (row["images"], row["repeated"], row["directions"]) == (10, 30, 0)


def test_a_missing_null_is_drawn_once():
    nulls = Nulls({}, np.random.default_rng(0), 2)
    assert (nulls[30].images, nulls[30].most) == (30, 2)
    assert nulls[30] is nulls[30]
    assert len(nulls[30].parts) == 999
    assert Nulls({}, np.random.default_rng(0), 64)[30].most == 3


@pytest.mark.parametrize("n", [1, 5, 19])
def test_too_few_images_have_a_row_without_numbers(n):
    found = measured(np.random.default_rng(0).uniform(0, 1, (n, 4)), gaussian=np.zeros((0, 4)))
    row = of_kind(found)
    assert (row["images"], row["directions"]) == (n, 0)
    assert (row["repeated"], row["constant"]) == (0, 0)
    assert np.isnan([row[name] for name in ("p_value", "distance", "accuracy", "worst_p")]).all()
    assert len(found.directions["rank"]) == len(found.power["images"]) == 0
    assert list(found.directions) == DIRECTION_COLUMNS
    assert set(found.pictures) == PICTURES
    assert found.pictures["pixel_map"].shape == (4,)


@pytest.mark.parametrize(("n", "d"), [(20, 3), (21, 100), (37, 1), (60, 100)])
def test_few_images_are_measured(n, d):
    rows = in_levels(np.random.default_rng(n).uniform(-0.2, 1.2, (n, d)))
    row = of_kind(measured(rows))
    assert row["directions"] == min(d, n // 10)
    assert 0 < row["p_value"] <= 1
    assert np.isfinite([row[name] for name in ("distance", "accuracy", "beyond", "worst_p")]).all()


def test_images_that_hardly_vary_have_no_directions():
    """All variance is that of rounding: one level more or less."""
    rows = np.round(127 + np.random.default_rng(0).uniform(-1, 1, (40, 5))) / 255
    found = measured(rows)
    row = of_kind(found)
    assert row["directions"] == 0
    assert np.isnan(row["p_value"])
    assert len(found.power["images"]) == 0


def test_features_have_no_clipped_gaussian_data():
    rows = np.maximum(normal_rows(60, 4, np.random.default_rng(0), mean=0.3), 0) / 8
    assert row_range([rows]).clipped
    assert list(measured(rows, clip=False).rows["kind"]) == ["images", "gaussian"]


@pytest.mark.parametrize(
    ("rows", "clipped"),
    [
        ([[0.0, 0.5], [0.2, 0.5]], True),
        ([[1.0, 0.5], [0.2, 0.5]], True),
        ([[0.0, 0.5], [0.0, 0.6]], False),  # the pixel at 0 does not vary
        ([[0.0, 0.5], [0.2, 1.5]], False),  # outside [0, 1]
        ([[-0.1, 1.0], [0.2, 0.5]], False),
        ([[0.1, 0.5], [0.2, 0.9]], False),
    ],
)
def test_images_look_clipped_where_a_varying_pixel_is_at_an_end(rows, clipped):
    for batches in ([np.array(rows)], np.array(rows)[:, None]):
        seen = row_range(batches)
        assert (seen.count, seen.d, seen.clipped) == (2, 2, clipped)


def test_no_rows_have_no_range():
    assert row_range([]).count == 0
    assert not row_range([]).clipped


@pytest.mark.parametrize("covariance", [True, False])
def test_other_gaussian_data_have_the_moments_of_the_images(covariance):
    rows = np.random.default_rng(0).exponential(size=(300, 3)) * [1, 2, 0.1]
    moments = stream_moments([rows]) if covariance else None
    drawn = other_gaussian(split(rows, 70), 300, 20_000, moments, np.random.default_rng(1))
    np.testing.assert_allclose(drawn.mean(axis=0), rows.mean(axis=0), atol=0.06)
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(rows.T), atol=0.15)
    assert drawn.dtype == np.float64


def test_large_images_are_compared_by_the_first_ones(monkeypatch):
    monkeypatch.setattr(class_distances, "LARGEST", 4)
    monkeypatch.setattr(class_distances, "MOST", 30)
    rows = moderate(normal_rows(60, 6, np.random.default_rng(0)))
    row = of_kind(measured(rows))
    assert row["distance_images"] == 30
    assert np.isfinite([row["frechet"], row["kernel_gaussian"], row["sliced_gaussian"]]).all()


def test_two_rows_of_gaussian_data_are_enough_for_distances():
    rows = normal_rows(30, 2, np.random.default_rng(0))
    for n, size in ((1, None), (2, 2.0), (40, 30.0)):
        gaussian = normal_rows(n, 2, np.random.default_rng(1))
        found = class_distances.class_distances(
            split(rows, 7), split(gaussian, 7), 30, stream_moments([rows]), generators()
        )
        assert found.get("distance_images") == size
        assert np.isfinite(list(found.values())).all()


def test_first_rows_of_a_stream():
    rows = np.arange(10.0)[:, None]
    np.testing.assert_array_equal(first_rows(split(rows, 4)(), 6), rows[:6])
    np.testing.assert_array_equal(first_rows(split(rows, 4)(), 99), rows)
    stream = split(rows, 4)()
    np.testing.assert_array_equal(first_rows(stream, 8), rows[:8])
    assert next(stream).tolist() == [[8.0], [9.0]]  # no further batch was read
    assert first_rows([], 3).shape[0] == 0


def test_the_searched_direction_is_shown_only_where_its_test_rejects():
    rows = normal_rows(100, 4, np.random.default_rng(0))
    principal = principal_scores(split(rows, 50))
    theta, deltas = np.array([0.6, 0.8, 0, 0]), np.array([0.1, 0.1, 0.3, 0.2])
    found = {
        p: class_pictures(principal, WorstDirection(theta, 0.2, p, np.arange(50.0)), deltas)
        for p in (0.01, 0.2)
    }
    assert (found[0.01]["rank"], found[0.2]["rank"]) == (0, 3)
    np.testing.assert_array_equal(found[0.01]["scores"], np.arange(50.0))
    np.testing.assert_array_equal(found[0.2]["scores"], principal.scores[:, 2])
    third = principal.directions[2] * np.sqrt(principal.variances[2])
    np.testing.assert_allclose(found[0.2]["pattern"], third)
    along = (rows - rows.mean(axis=0)) @ found[0.01]["filter"]
    np.testing.assert_allclose(along, principal.scores @ theta, atol=1e-9)

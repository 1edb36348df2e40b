"""What the four figures of normality draw of their tables."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from normality_figure_cases import directions, measured, pictures, powers

from gaussianity.distribution.figures import (
    normality,
    normality_directions,
    normality_pictures,
    normality_power,
)
from gaussianity.drawing import style
from gaussianity.moments.figures.eigenfaces import coloured


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def labels_of(panel):
    return [text.get_text() for text in panel.get_legend().get_texts()]


def line_of(panel, label):
    (line,) = (line for line in panel.lines if line.get_label() == label)
    return line


def test_marks_are_hollow_where_clipping_and_shape_are_not_separated():
    table = measured(7, ["data"])
    table = table[table["image_class"].isin(table["image_class"].unique()[:2])]
    clipped = table["kind"] == "clipped"
    table.loc[clipped, "covariance_error"] = [0.1, 0.11]
    panel = normality.draw(table, 0.05, 0.05).axes[1]
    drawn = {each.get_label(): each.lines[0] for each in panel.containers}
    beyond = table.loc[table["kind"] == "images", "beyond"].tolist()
    apart, open_mark = (
        drawn["data: images, clipped Gaussian"],
        drawn["data: the same, not separated"],
    )
    assert apart.get_ydata().tolist() == beyond[:1]
    assert open_mark.get_ydata().tolist() == beyond[1:]
    assert open_mark.get_markerfacecolor() == "white"
    assert apart.get_markerfacecolor() != "white"


def test_intervals_of_distances_and_both_margins():
    table = measured(1, ["data"], ["images", "gaussian"])
    first, second = normality.draw(table, 0.07, 0.04).axes
    assert labels_of(first) == ["data, images", "data, Gaussian data", "data, Frechet distance"]
    ends = first.containers[0][2][0].get_segments()[0][:, 1]
    row = table.iloc[0]
    np.testing.assert_allclose(ends, [row["distance_low"], row["distance_high"]])
    heights = [
        [line.get_ydata()[0] for line in p.lines if line.get_linestyle() == "--"]
        for p in (first, second)
    ]
    np.testing.assert_allclose(heights, [[0.07], [0.54]])
    assert first.get_ylim()[0] < 0, "marks at 0 are whole"
    mark = line_of(first, "data, Frechet distance").get_ydata()
    np.testing.assert_allclose(mark, np.sqrt(row["frechet"]))


def test_the_band_of_the_directions_ends_at_the_quantile():
    table = directions(1, ["data"], ["images"], 4)
    (panel,) = normality_directions.draw(table).axes
    (band,) = panel.patches
    assert band.get_y() + band.get_height() == pytest.approx(table["band"].iloc[0])


def test_panels_of_directions_are_the_first_classes_of_each_source():
    table = directions(7, ["diffusion", "data"], ["images", "gaussian"], 4)
    names = table["image_class"].unique()
    figure = normality_directions.draw(table[table["image_class"] != names[0]])
    titles = [panel.get_title() for panel in figure.axes if panel.get_visible()]
    shown = [f"{s}, class {name}" for s in ("diffusion", "data") for name in names[1:4]]
    assert titles == shown


def test_marked_directions_are_filled():
    table = directions(1, ["data"], ["images", "gaussian"], 6)
    table["marked"] = ((table["kind"] == "images") & table["rank"].isin([1, 5])).astype(int)
    (panel,) = normality_directions.draw(table).axes
    assert line_of(panel, "images").get_markerfacecolor() == "white"
    filled = line_of(panel, "significant direction")
    assert filled.get_xdata().tolist() == [1, 5]
    images = table[table["kind"] == "images"]
    assert filled.get_ydata().tolist() == images["delta"].iloc[[0, 4]].tolist()
    share = line_of(panel, "variance up to the rank").get_ydata()
    np.testing.assert_allclose(share, images["share"].cumsum())
    low, high = panel.get_ylim()
    assert low == pytest.approx(table["delta"].min() / 2)
    assert high >= 1.3


def test_a_pixel_is_grey_only_where_all_channels_are_constant():
    found, shape = pictures(1, ["data"], 3)
    (arrays,) = found.values()
    pixel_map = np.full(shape, 0.2)
    pixel_map[:, 0, 0] = np.nan
    pixel_map[:2, 0, 1] = np.nan
    pixel_map[2, 0, 2] = 0.7
    arrays["pixel_map"] = pixel_map.ravel()
    drawn = normality_pictures.draw(found, shape).axes[0].images[0].get_array()
    assert drawn.mask.sum() == 1
    assert drawn.mask[0, 0]
    assert drawn[0, 1] == 0.2
    assert drawn[0, 2] == 0.7


def test_ends_of_the_mean_are_two_deviations_away():
    found, shape = pictures(1, ["data"], 3)
    (arrays,) = found.values()
    panels = normality_pictures.draw(found, shape).axes[1:4]
    for panel, steps in zip(panels, (-2, 0, 2), strict=True):
        expected = (arrays["mean"] + steps * arrays["pattern"]).reshape(shape).clip(0, 1)
        np.testing.assert_allclose(panel.images[0].get_array(), expected.transpose(1, 2, 0))


def test_histograms_of_scores():
    """Of four scores, two are in one bin and one is beyond all bins."""
    found, _ = pictures(1, ["data"], 1)
    (key,) = found
    found[key]["scores"] = np.array([0.1, 0.1, -3.9, 9.0])
    table = normality_pictures.table(found)
    assert table["share"].sum() == 0.75
    assert table.loc[table["low"] == 0, "share"].tolist() == [0.5]
    assert table["normal"].sum() == pytest.approx(1, abs=1e-4)
    assert (table["source"] + table["image_class"] == "".join(key)).all()


@pytest.mark.parametrize(
    ("sources", "classes", "rows"),
    [(["diffusion", "data"], 5, 10), (["diffusion", "data"], 6, 6), (["data"], 20, 10)],
)
def test_at_most_ten_rows_of_pictures(sources, classes, rows):
    """Of both sources where all fit, else the first classes of the first source."""
    found, _ = pictures(20, sources, 1)
    names = list(dict.fromkeys(name for _, name in found))[:classes]
    found = {key: arrays for key, arrays in found.items() if key[1] in names}
    assert list(normality_pictures._shown(found)) == list(found)[:rows]


def test_classes_without_directions_have_no_row():
    found, shape = pictures(7, ["data"], 1)
    first, second, *_ = found
    found = {key: found[key] for key in (first, second)}
    found[first] = dict(found[first], scores=np.zeros(0), mean=np.full(64, np.nan))
    figure = normality_pictures.draw(found, shape)
    assert [panel.get_ylabel() for panel in figure.axes if panel.get_ylabel()] == [
        "\n".join(second)
    ]
    assert normality_pictures.table(found).groupby("image_class")["share"].sum()[first[1]] == 0


def test_a_figure_of_no_numbers_says_so():
    table = measured(1, ["data"]).assign(distance=np.nan, accuracy=np.nan)
    found, shape = pictures(1, ["data"], 1)
    found = {key: dict(arrays, scores=np.zeros(0)) for key, arrays in found.items()}
    for figure in (
        normality.draw(table, 0.05, 0.05),
        normality_directions.draw(directions(1, ["data"], ["images"], 2).iloc[:0]),
        normality_pictures.draw(found, shape),
    ):
        (said,) = (text.get_text() for panel in figure.axes for text in panel.texts)
        assert said == "No class could be tested."


def test_the_mean_power_does_not_mix_sizes_of_classes_with_repeated_images():
    """640 and 320 images of one class stand beside 636 and 318 of the other."""
    power = pd.DataFrame(
        dict(
            source="data",
            image_class=["a", "a", "b", "b"],
            images=[320, 640, 318, 636],
            subsamples=[8, 4, 8, 4],
            rejected=[0.5, 1.0, 0.1, 0.2],
        )
    )
    panel = normality_power.draw(power, powers(1, ["data"])[1]).axes[0]
    mean = max(panel.lines, key=lambda line: line.get_linewidth())
    found = sorted(zip(mean.get_xdata(), mean.get_ydata(), strict=True))
    np.testing.assert_allclose(found, [[319, 30], [638, 60]])


def test_known_distributions_have_a_bar_per_number_of_images():
    power, known = powers(1, ["data"])
    panel = normality_power.draw(power, known).axes[1]
    assert labels_of(panel) == ["174 images", "2,560 images"]
    for bars, (_, rows) in zip(panel.containers, known.groupby("images"), strict=True):
        np.testing.assert_allclose([bar.get_width() for bar in bars], 100 * rows["rejected"])


def test_classes_with_too_few_images_for_subsamples_leave_the_known_distributions():
    power, known = powers(1, ["data"])
    figure = normality_power.draw(power.iloc[:0], known)
    assert [panel.get_title() for panel in figure.axes] == ["known distributions"]


def test_the_table_of_power_has_both_panels():
    power, known = powers(1, ["data"])
    table = normality_power.table(power, known)
    assert table["panel"].value_counts().to_dict() == dict(classes=len(power), known=len(known))
    assert table["rejected"].tolist() == [*power["rejected"], *known["rejected"]]
    assert table["sets"].notna().all()


def test_places_of_a_class_are_equally_far_apart_around_it():
    table = measured(7, ["diffusion", "data"])
    classes = list(table["image_class"].unique())
    places = normality._places(table, classes, 4)
    for position, name in enumerate(classes):
        of_class = [series[source, name] for source in ("diffusion", "data") for series in places]
        ends = position - normality.WIDTH / 2, position + normality.WIDTH / 2
        np.testing.assert_allclose(of_class, np.linspace(*ends, 8))


def test_without_accuracies_there_is_one_panel_with_the_names():
    (panel,) = normality.draw(measured(7, ["data"], accuracy=np.nan), 0.05, 0.05).axes
    assert [text.get_text() for text in panel.get_xticklabels()] == list("abcdefg")


def test_every_source_has_a_panel_of_directions():
    """Of seven sources, which are more than the panels of one figure."""
    table = pd.DataFrame([dict(source=s, image_class=c) for s in "abcdefg" for c in "xy"])
    assert normality_directions._shown(table) == [(s, "x") for s in "abcdefg"]
    assert normality_directions._shown(table[table["source"] < "d"]) == [
        (s, c) for s in "abc" for c in "xy"
    ]


def test_frechet_marks_are_of_images_that_have_the_distance():
    table = measured(7, ["data"])
    images = table["kind"] == "images"
    table.loc[images, "frechet"] = [0.04, np.nan, 0.09, np.nan, np.nan, -0.01, 0.16]
    table.loc[table["kind"] == "clipped", "frechet"] = 0.5
    first, last = normality.draw(table, 0.05, 0.05).axes
    marks = line_of(first, "data, Frechet distance")
    np.testing.assert_allclose(marks.get_ydata(), [0.2, 0.3, 0, 0.4])
    np.testing.assert_allclose(np.round(marks.get_xdata()), [0, 2, 5, 6])
    low, high = first.get_ylim()
    assert -0.1 * high < low < 0
    assert first.get_xlim()[0] < -normality.WIDTH / 2
    assert first.get_xlim()[1] > 6 + normality.WIDTH / 2
    assert [text.get_text() for text in last.get_xticklabels()] == list("abcdefg")


def test_histograms_are_drawn_over_the_middles_of_their_bins():
    found, shape = pictures(1, ["data"], 1)
    panels = normality_pictures.draw(found, shape).axes
    bins = normality_pictures.table(found)
    (line,) = panels[5].lines
    np.testing.assert_allclose(line.get_xdata(), np.arange(-3.875, 4, 0.25))
    np.testing.assert_allclose(line.get_ydata(), bins["normal"])
    density, edges, _ = panels[5].patches[0].get_data()
    np.testing.assert_allclose(density, bins["share"])
    np.testing.assert_allclose(edges, np.arange(-4, 4.1, 0.25))
    highest = max(bins["share"].max(), bins["normal"].max())
    assert 1.1 * highest < panels[5].get_ylim()[1] < 2 * highest
    for panel in panels[:5]:
        assert not len(panel.get_xticks())
        assert not panel.xaxis.get_gridlines()


def test_one_score_is_all_of_them():
    found, _ = pictures(1, ["data"], 1)
    (key,) = found
    for scores, share in (([0.1], 1), ([], 0)):
        found[key]["scores"] = np.array(scores)
        assert normality_pictures.table(found)["share"].sum() == share


def test_the_wanted_power_and_the_sizes_are_marked():
    """80 % is dashed in each panel; below the axis are the mean sizes, if they are few."""
    power, known = powers(1, ["data"])
    first, second = normality_power.draw(power, known).axes
    (dashed,) = (line for line in first.lines if line.get_linestyle() == "--")
    assert list(dashed.get_ydata()) == [80, 80]
    (dashed,) = second.lines
    assert list(dashed.get_xdata()) == [80, 80]
    assert first.get_xticks().tolist() == [640, 320, 160, 80, 40]
    np.testing.assert_allclose(first.lines[0].get_ydata(), 100 * power["rejected"])


def test_bars_of_known_distributions_touch_and_are_centred():
    power, known = powers(1, ["data"])
    panel = normality_power.draw(power, known).axes[1]
    low, high = (np.array([(b.get_y(), b.get_height()) for b in c]) for c in panel.containers)
    np.testing.assert_allclose(low.sum(axis=1), high[:, 0], atol=1e-12)
    np.testing.assert_allclose(low.sum(axis=1), np.arange(6), atol=1e-12)
    np.testing.assert_allclose(low[:, 1], 0.4)
    bottom, top = panel.get_ylim()
    assert bottom > 5.4
    assert top < -0.4


def test_every_panel_has_the_directions_of_its_source_and_class():
    """A direction without variance is left out, and a small distance is drawn at the lowest."""
    table = directions(7, ["diffusion", "data"], ["images", "gaussian", "clipped"], 5)
    table["delta"] = np.linspace(1e-4, 1.5, len(table))
    table.loc[table["rank"] == 5, "variance"] = 0.0
    lowest = normality_directions.LOWEST
    panels = normality_directions.draw(table).axes
    for panel in panels[:6]:
        source, name = panel.get_title().split(", class ")
        rows = table[(table["source"] == source) & (table["image_class"] == name)]
        for kind, look in normality_directions.LOOKS.items():
            expected = rows[(rows["kind"] == kind) & (rows["rank"] < 5)]
            line = line_of(panel, look["label"])
            np.testing.assert_allclose(line.get_ydata(), expected["delta"].clip(lower=lowest))
            assert line.get_xdata().tolist() == [1, 2, 3, 4]
        colours = [line_of(panel, label).get_color() for label in ("images", "Gaussian data")]
        assert colours == [style.COLOURS[source], style.GAUSSIAN_COLOURS[source]]
        assert line_of(panel, "Gaussian data").get_linestyle() == "--"
        assert panel.get_ylim() == pytest.approx((lowest, 1.3 * table["delta"][:-1].max()))


def test_accuracies_are_those_of_images_and_of_clipped_data():
    table = measured(7, ["diffusion", "data"])
    panel = normality.draw(table, 0.05, 0.05).axes[1]
    drawn = {bars.get_label(): bars for bars in panel.containers}
    for source in ("diffusion", "data"):
        for kind, label in (("images", "images"), ("clipped", "clipped Gaussian")):
            rows = table[(table["source"] == source) & (table["kind"] == kind)]
            bars = drawn[f"{source}: {label}, Gaussian"]
            np.testing.assert_allclose(bars[0].get_ydata(), rows["accuracy"])
            ends = np.array(bars[2][0].get_segments())[..., 1]
            np.testing.assert_allclose(ends, rows[["accuracy_low", "accuracy_high"]])


def test_every_row_of_pictures_is_of_its_class():
    found, shape = pictures(7, ["data"], 1)
    found = dict(list(found.items())[:2])
    for number, arrays in enumerate(found.values()):
        arrays["scores"] = np.full(10, number - 3.1)
    figure = normality_pictures.draw(found, shape)
    rows = np.array(figure.axes[:12]).reshape(2, 6)
    for number, (row, arrays) in enumerate(zip(rows, found.values(), strict=True)):
        assert row[0].images[0].get_clim() == (0, 1)
        assert row[0].get_facecolor() == (0.6, 0.6, 0.6, 1)
        expected = coloured(arrays["filter"].reshape(shape))
        np.testing.assert_array_equal(row[4].images[0].get_array(), expected)
        density, edges, _ = row[5].patches[0].get_data()
        assert edges[density.argmax()] < number - 3.1 < edges[density.argmax() + 1]
        assert density.max() == 1
        assert row[5].get_xlim() == (-4, 4)
        assert row[0].get_ylabel() == f"data\n{'ab'[number]}"
        shown = row[5].xaxis.get_tick_params()["labelbottom"]
        assert shown == (number == 1)
    assert [panel.get_xlabel() for panel in rows[:, 5]] == ["", "standard deviations"]


def test_power_is_of_the_source_of_its_panel():
    power, known = powers(7, ["diffusion", "data"])
    power["rejected"] *= np.where(power["source"] == "data", 0.5, 1)
    for panel, source in zip(
        normality_power.draw(power, known).axes, ("diffusion", "data"), strict=False
    ):
        lines = [line for line in panel.lines if line.get_linestyle() == "-"]
        rows = power[power["source"] == source]
        for line, (_, of_class) in zip(lines, rows.groupby("image_class"), strict=False):
            np.testing.assert_allclose(line.get_ydata(), 100 * of_class["rejected"])
        assert len(lines) == 8
        mean = rows.groupby("images")["rejected"].mean()
        np.testing.assert_allclose(lines[-1].get_ydata()[::-1], 100 * mean)
        assert panel.get_title().startswith(f"{source}:")

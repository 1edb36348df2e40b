"""The numbers behind the figures by hand, and figures without clipped or covered text."""

import itertools
import warnings
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.legend import Legend
from matplotlib.text import Text

from gaussianity.errors import InputError
from gaussianity.figures import (
    accuracy,
    class_agreement,
    gram,
    norm_contraction,
    norm_evolution,
    predicted_accuracy,
    sample_grid,
    spectra,
    style,
)

ALL = list(style.LABELS)
DATA = ["data", "data-gaussian"]
CLASSES = {
    1: ["7"],
    10: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
    7: list("abcdefg"),
    20: [str(k) for k in range(20)],
}
SUBSETS = {1: ["ten"], 3: ["pair", "four", "ten"], 20: [f"pair{k}" for k in range(20)]}
STEPS = 16


def product(**domains):
    values = itertools.product(*domains.values())
    return pd.DataFrame(values, columns=list(domains))


def scores(subsets, origins):
    """Test accuracies of two seeds; the data have fewer images than the diffusion."""
    frame = product(
        subset=subsets,
        loss=list(accuracy.LOSS_NAMES),
        origin=origins,
        seed=[0, 1],
        train_size=[8, 16, 32, 64, 128, 256, 512, 1024],
    )
    frame = frame[frame["origin"].str.startswith("diffusion") | (frame["train_size"] < 100)]
    noise = np.random.default_rng(0).uniform(0, 0.1, len(frame))
    shown = 1 - frame["train_size"] ** -0.5 + noise - 0.1
    return frame.assign(test_accuracy=shown, exact_accuracy=shown)


def eigenvalues(count=64, **domains):
    frame = product(**domains, rank=np.arange(1, count + 1))
    return frame.assign(eigenvalue=3.0 * frame["rank"] ** -1.5, exponent=1.5)


def trajectory(classes, images=6):
    sigma = np.append(np.geomspace(80, 0.002, STEPS), 0.0)
    frame = product(image_class=classes, seed=range(images), step=range(STEPS + 1))
    frame["sigma"] = sigma[frame["step"]]
    noise = np.random.default_rng(0).normal(1, 0.02, (3, len(frame)))
    frame["x_norm"] = np.sqrt(64 * frame["sigma"] ** 2 + 20) * noise[0]
    ended = frame["sigma"] == 0
    frame["denoised_norm"] = np.where(ended, np.nan, 4 * noise[1])
    frame["direction_norm"] = np.where(ended, np.nan, 8 * noise[2])
    return frame


def contraction_table(steps):
    return norm_contraction.table([norm_contraction.partial(steps)])


def draw_norm_contraction(count):
    classes = CLASSES[count]
    steps = norm_contraction.decreases(trajectory(classes))
    return norm_contraction.draw(steps, contraction_table(steps), classes[:4], 5)


def draw_norm_evolution(kept, shape=(1, 8, 8)):
    norms = trajectory(CLASSES[10], images=20)
    steps = np.unique(np.linspace(0, STEPS, kept).astype(int))
    images = np.random.default_rng(0).uniform(-1, 1, (2, kept, *shape))
    sigma = norms.drop_duplicates("step").set_index("step")["sigma"][steps].to_numpy()
    snapshots = dict(x=images * 3, denoised=images, step=steps, sigma=sigma)
    schedule = norms[["step", "sigma"]].drop_duplicates()
    shown = norms[norms["step"].isin(steps)]
    return norm_evolution.draw(shown, schedule, snapshots, "automobile")


def draw_sample_grid(count, origins, shape=(1, 8, 8), images=10):
    shown = np.random.default_rng(0).uniform(-0.1, 1.1, (images, *shape))
    return sample_grid.draw({o: dict.fromkeys(CLASSES[count], shown) for o in origins})


def draw_spectra(count, origins):
    frame = eigenvalues(image_class=CLASSES[count], origin=origins)
    return spectra.draw(spectra.table(frame))


def draw_gram(count, origins):
    return gram.draw(gram.table(eigenvalues(subset=SUBSETS[count], origin=origins)))


def draw_accuracy(count, origins):
    return accuracy.draw(accuracy.table(scores(SUBSETS[count], origins)))


def draw_predicted_accuracy(count, origins):
    measured = scores(SUBSETS[count], origins).assign(test_images=100)
    sizes = measured.assign(source=measured["origin"].str.removesuffix("-gaussian"))
    predictions = sizes[["subset", "source", "train_size"]].drop_duplicates()
    predictions = predictions.assign(
        predicted_accuracy=1 - predictions["train_size"] ** -0.5,
        rows_per_direction=predictions["train_size"] / 100,
    )
    return predicted_accuracy.draw(predicted_accuracy.table(measured, predictions))


def draw_class_agreement(count):
    classes = CLASSES[count]
    votes = np.full((len(classes), len(classes)), 3) + 94 * np.eye(len(classes), dtype=int)
    return class_agreement.draw(class_agreement.table(votes, classes, classes))


LARGE = [
    *itertools.product([draw_accuracy, draw_gram, draw_spectra, draw_sample_grid], [20], [ALL]),
    (draw_predicted_accuracy, 20, ALL),
    *itertools.product([draw_norm_contraction, draw_class_agreement], [20]),
]
CASES = [
    *itertools.product([draw_accuracy, draw_gram], [1, 3], [ALL, DATA]),
    *itertools.product([draw_predicted_accuracy], [1, 3], [ALL, DATA]),
    *itertools.product([draw_spectra, draw_sample_grid], [1, 10], [ALL, DATA]),
    (draw_spectra, 7, ALL),
    (draw_sample_grid, 10, ALL, (3, 32, 32)),
    (draw_sample_grid, 10, DATA, (1, 8, 8), 1),
    *itertools.product([draw_norm_contraction, draw_class_agreement], [1, 10]),
    *itertools.product([draw_norm_evolution], [1, 2, 10, 17]),
    (draw_norm_evolution, 10, (3, 32, 32)),
    *(pytest.param(case, marks=pytest.mark.slow) for case in LARGE),
]


def name_of(case):
    draw, *arguments = case
    names = ["all" if a is ALL else "data" if a is DATA else str(a) for a in arguments]
    return "-".join([draw.__name__.removeprefix("draw_"), *names])


@dataclass
class Rendered:
    """A figure, the box in pixels of each text drawn in it, and the warnings while drawing."""

    figure: plt.Figure
    boxes: dict
    warnings: list

    def overlaps(self):
        """Pairs of texts whose boxes share more than a pixel either way."""
        extents = np.array([box.extents for box in self.boxes.values()])
        low = np.maximum(extents[:, None, :2], extents[None, :, :2])
        high = np.minimum(extents[:, None, 2:], extents[None, :, 2:])
        first, second = np.nonzero(np.triu(((high - low) > 1).all(axis=-1), k=1))
        texts = [text.get_text() for text in self.boxes]
        return [(texts[i], texts[j]) for i, j in zip(first, second, strict=True)]


@pytest.fixture(scope="module", params=CASES, ids=name_of)
def rendered(request):
    draw, *arguments = request.param
    boxes, draw_text = {}, Text.draw

    def remember(text, renderer):
        if text.get_visible() and text.get_text().strip():
            boxes[text] = text.get_window_extent(renderer)
        draw_text(text, renderer)

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        patch.setattr(Text, "draw", remember)
        figure = draw(*arguments)
        figure.canvas.draw()
    yield Rendered(figure, boxes, [str(warning.message) for warning in caught])
    plt.close(figure)


def test_drawing_warns_of_nothing(rendered):
    assert rendered.warnings == []


def test_text_lies_within_the_figure(rendered):
    whole = rendered.figure.bbox.padded(1)
    outside = [
        text.get_text()
        for text, box in rendered.boxes.items()
        if not (whole.contains(*box.min) and whole.contains(*box.max))
    ]
    assert rendered.boxes
    assert outside == []


def test_every_panel_shows_data(rendered):
    """Panels without data, or with axhline alone, have infinite data limits."""
    panels = [panel for panel in rendered.figure.findobj(plt.Axes) if panel.get_visible()]
    assert panels
    for panel in panels:
        assert np.isfinite(panel.dataLim.get_points()).all()
        assert panel.viewLim.overlaps(panel.dataLim)


def test_no_legend_covers_text(rendered):
    for legend in rendered.figure.findobj(Legend):
        own, frame = legend.findobj(Text), legend.get_window_extent().padded(-1)
        covered = [
            text.get_text()
            for text, box in rendered.boxes.items()
            if text not in own and frame.overlaps(box)
        ]
        assert covered == []


def test_no_text_covers_text(rendered):
    assert rendered.overlaps() == []


@pytest.mark.parametrize("origins", [ALL, DATA], ids=["all", "data"])
@pytest.mark.parametrize("draw", [draw_accuracy, draw_gram, draw_spectra])
def test_shared_legend_names_each_origin_once(draw, origins):
    figure = draw(1, origins)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [style.LABELS[o] for o in origins]
    plt.close(figure)


def test_every_chosen_class_has_trajectories():
    classes = CLASSES[20][:12]
    steps = norm_contraction.decreases(trajectory(classes))
    figure = norm_contraction.draw(steps, contraction_table(steps), classes, 5)
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [f"class {c}" for c in classes]
    plt.close(figure)


@pytest.fixture
def three_seeds():
    """Accuracies of data and of its Gaussian data, whose seeds stand in another order."""
    gaussian = {2: 0.9, 0: 0.7, 1: 0.7}
    rows = [("data", seed, value) for seed, value in enumerate([0.8, 0.9, 1.0])]
    rows += [("data-gaussian", seed, value) for seed, value in gaussian.items()]
    frame = pd.DataFrame(rows, columns=["origin", "seed", "test_accuracy"])
    exact = frame["test_accuracy"].where(frame["origin"] == "data-gaussian") + 0.01
    return frame.assign(subset="pair", loss="mse", train_size=8, exact_accuracy=exact)


def test_accuracy_over_seeds(three_seeds):
    found = accuracy.table(three_seeds)
    assert found["origin"].tolist() == ["data", "data-gaussian"]
    assert found["seeds"].tolist() == [3, 3]
    np.testing.assert_allclose(found["mean"], [0.9, 2.3 / 3])
    np.testing.assert_allclose(found["std"], [0.1, np.sqrt(1 / 75)])
    np.testing.assert_allclose(found["exact"], [np.nan, 2.3 / 3 + 0.01])


def test_accuracy_of_one_seed_has_no_spread(three_seeds):
    found = accuracy.table(three_seeds[three_seeds["seed"] == 1])
    assert found["std"].isna().all()


def test_accuracy_keeps_settings_apart(three_seeds):
    settings = list(itertools.product(["pair", "ten"], ["mse", "cross_entropy"], [8, 16]))
    frames = [
        three_seeds.assign(
            subset=subset,
            loss=loss,
            train_size=size,
            test_accuracy=lambda f, i=i: f.test_accuracy + i,
        )
        for i, (subset, loss, size) in enumerate(settings)
    ]
    found = accuracy.table(pd.concat(frames))
    of_data = found[found["origin"] == "data"]
    assert (
        list(zip(of_data["subset"], of_data["loss"], of_data["train_size"], strict=True))
        == settings
    )
    np.testing.assert_allclose(of_data["mean"], 0.9 + np.arange(8))


@pytest.fixture
def two_steps():
    """Norms of three images; one grows in its second step, one stands still."""
    norms = {("a", 0): [5.0, 3.0, 4.0], ("a", 1): [5.0, 4.0, 2.0], ("b", 0): [5.0, 1.0, 1.0]}
    rows = [
        (image_class, seed, step, [80.0, 1.0, 0.0][step], norm)
        for (image_class, seed), values in norms.items()
        for step, norm in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["image_class", "seed", "step", "sigma", "x_norm"])


def test_decrease_of_each_step(two_steps):
    found = norm_contraction.decreases(two_steps)
    assert found["decrease"].tolist() == [2, -1, 1, 2, 4, 0]
    assert found["step"].tolist() == [0, 1] * 3
    assert found["sigma"].tolist() == [80, 1] * 3
    assert found["seed"].tolist() == [0, 0, 1, 1, 0, 0]
    assert found["image_class"].tolist() == list("aaaabb")


def test_contraction_per_class_and_of_all(two_steps):
    found = contraction_table(norm_contraction.decreases(two_steps))
    assert found["image_class"].tolist() == ["a", "a", "b", "b", "all", "all"]
    assert found["step"].tolist() == [0, 1] * 3
    assert found["images"].tolist() == [2, 2, 1, 1, 3, 3]
    np.testing.assert_allclose(found["mean"], [1.5, 0.5, 4, 0, 7 / 3, 1 / 3])
    np.testing.assert_allclose(found["share_grew"], [0, 0.5, 0, 0, 0, 1 / 3])
    spread = [np.sqrt(0.5), np.sqrt(4.5), np.nan, np.nan, np.sqrt(7 / 3), np.sqrt(7 / 3)]
    np.testing.assert_allclose(found["std"], spread)
    assert found["least"].tolist() == [1, -1, 4, 0, 1, -1]
    assert found["most"].tolist() == [2, 2, 4, 0, 4, 2]


def test_contraction_of_parts_is_that_of_the_whole():
    steps = norm_contraction.decreases(trajectory(CLASSES[10], images=7))
    parts = [norm_contraction.partial(part) for _, part in steps.groupby(["image_class", "seed"])]
    whole = contraction_table(steps)
    found = norm_contraction.table([*parts[::2], *parts[1::2]])
    pd.testing.assert_frame_equal(found, whole, rtol=1e-12)
    grouped = steps.groupby(["image_class", "step"], sort=False)["decrease"]
    of_classes = whole[whole["image_class"] != "all"]
    np.testing.assert_allclose(of_classes["mean"], grouped.mean())
    np.testing.assert_allclose(of_classes["std"], grouped.std())


@pytest.mark.parametrize(("module", "key"), [(spectra, "image_class"), (gram, "subset")])
def test_null_eigenvalues_are_not_drawn(module, key):
    """The threshold is the largest eigenvalue times 4 machine epsilons: 3.6e-15 and 8.9e-10."""
    values = {"x": [4.0, 1.0, 3.7e-15, 3.5e-15], "y": [1e6, 1e-9, 8e-10, 0.0], "z": [3.0, 0, 0, 0]}
    frame = product(**{key: values}, origin=["data"], rank=[1, 2, 3, 4])
    frame["eigenvalue"] = np.concatenate(list(values.values()))
    found = module.table(frame)
    assert found[key].tolist() == list("xxxyyz")
    assert found["rank"].tolist() == [1, 2, 3, 1, 2, 1]
    assert found["eigenvalue"].tolist() == [4.0, 1.0, 3.7e-15, 1e6, 1e-9, 3.0]


def test_quantiles_of_norms():
    """Five images: the quantile q of 0, 1, 2, 3, 4 is 4q."""
    frame = product(seed=range(5), step=[0, 1, 2])
    frame["sigma"] = 2.0 - frame["step"]
    for offset, name in enumerate(norm_evolution.NORMS):
        frame[name] = frame["seed"] + 10 * frame["step"] + 100.0 * offset
    ended = frame["step"] == 2
    frame.loc[ended, ["denoised_norm", "direction_norm"]] = np.nan
    found = norm_evolution.table(frame, [0, 2])
    assert found["norm"].tolist() == ["denoised_norm", "direction_norm", "x_norm", "x_norm"]
    assert found["step"].tolist() == [0, 0, 0, 2]
    assert found["sigma"].tolist() == [2, 2, 2, 0]
    quantiles = found[["q05", "q25", "q50", "q75", "q95"]]
    starts = np.array([100, 200, 0, 20])
    np.testing.assert_allclose(quantiles, starts[:, None] + [0.2, 1, 2, 3, 3.8])


def test_mosaic_has_lines_between_images():
    images = np.arange(12.0).reshape(3, 1, 2, 2)
    expected = [[0, 1, 0.3, 4, 5, 0.3, 8, 9], [2, 3, 0.3, 6, 7, 0.3, 10, 11]]
    np.testing.assert_array_equal(sample_grid.mosaic(images), [expected])


def test_mosaic_keeps_channels():
    images = np.stack([np.zeros((3, 4, 5)), np.ones((3, 4, 5))])
    images[1, 2] = 0.5
    found = sample_grid.mosaic(images)
    assert found.shape == (3, 4, 11)
    np.testing.assert_array_equal(found[:, 0, 6], [1, 1, 0.5])


def test_pixels_shown():
    images = np.array([0.0, 1.0, -0.5, 1.5]).reshape(2, 1, 1, 2)
    found = sample_grid.table({"data": {"7": images, "8": images[:1]}})
    expected = dict(
        origin=["data", "data"],
        image_class=["7", "8"],
        images=[2, 1],
        pixel_mean=[0.5, 0.5],
        pixel_std=[np.sqrt(0.625), 0.5],
        outside=[0.5, 0.0],
    )
    pd.testing.assert_frame_equal(found, pd.DataFrame(expected))


def saved(folder):
    """Bytes of the files of a figure, by their kind."""
    files = {kind: folder / f"gram.{kind}" for kind in ("pdf", "png", "csv")}
    style.save(draw_gram(1, DATA), pd.DataFrame(dict(rank=[1])), **files)
    return {kind: file.read_bytes() for kind, file in files.items()}


def test_saving_closes_the_figure(tmp_path):
    before = plt.get_fignums()
    contents = saved(tmp_path)
    assert plt.get_fignums() == before
    assert contents["pdf"].startswith(b"%PDF")
    assert contents["png"].startswith(b"\x89PNG")
    assert contents["csv"] == b"rank\n1\n"


def test_the_same_figure_gives_the_same_bytes(tmp_path):
    assert saved(tmp_path / "a") == saved(tmp_path / "b")


def test_text_stays_text_in_a_pdf(tmp_path):
    """TrueType, which editors and publishers take, instead of drawn glyphs (Type 3)."""
    pdf = saved(tmp_path)["pdf"]
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf


def test_class_agreement_by_hand():
    """8 of 10 images of b are in b; no image was meant for a."""
    votes = np.array([[1, 8, 1], [0, 2, 8]])
    summary = class_agreement.table(votes, ["b", "c"], ["a", "b", "c"])
    assert summary["voted"].tolist() == list("abcabc")
    assert summary["share"].tolist() == [0.1, 0.8, 0.1, 0.0, 0.2, 0.8]
    assert class_agreement.agreement(summary) == (0.8, 20)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A saved figure's PNG and table."""
    folder = tmp_path_factory.mktemp("saved")
    paths = {suffix: folder / f"gram.{suffix}" for suffix in ("pdf", "png", "csv")}
    summary = gram.table(eigenvalues(subset=["pair"], origin=DATA))
    style.save(gram.draw(summary), summary, **paths)
    return paths["png"], paths["csv"]


def test_a_saved_figure_is_recognised(kept):
    style.require_saved(*kept)


@pytest.mark.parametrize("which", [0, 1])
def test_a_flipped_bit_of_a_saved_figure_or_its_table_is_found(kept, which):
    """300 random bits, and a cut, of the PNG and of the table."""
    generator, path = np.random.default_rng(which), kept[which]
    whole = path.read_bytes()
    try:
        for position in generator.integers(len(whole), size=300):
            changed = bytearray(whole)
            changed[position] ^= 1 << generator.integers(8)
            path.write_bytes(changed)
            with pytest.raises(InputError, match=rf"{path.name}: expected"):
                style.require_saved(*kept)
        for changed in (whole[:-1], whole[: len(whole) // 2], b"", whole + b"\0"):
            path.write_bytes(changed)
            with pytest.raises(InputError, match=rf"{path.name}: expected"):
                style.require_saved(*kept)
    finally:
        path.write_bytes(whole)


def test_another_figure_under_the_name_is_found(kept, tmp_path):
    for path, name in zip(kept, ("a.png", "a.csv"), strict=True):
        (tmp_path / name).write_bytes(path.read_bytes())
    with pytest.raises(InputError, match=r"a\.png: expected the figure that was written here"):
        style.require_saved(tmp_path / "a.png", tmp_path / "a.csv")


def test_a_figure_without_its_table(kept, tmp_path):
    with pytest.raises(InputError, match=r"a\.csv: expected a figure's file, found none"):
        style.require_saved(kept[0], tmp_path / "a.csv")

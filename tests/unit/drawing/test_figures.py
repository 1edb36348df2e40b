"""Figures without clipped or covered text, what they show, and their files."""

import itertools
import warnings
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from figure_cases import (
    ALL,
    CLASSES,
    DATA,
    contraction_table,
    draw_accuracy,
    draw_assumptions,
    draw_class_agreement,
    draw_concentration,
    draw_contraction,
    draw_controls,
    draw_eigenfaces,
    draw_gram,
    draw_norm_contraction,
    draw_norm_evolution,
    draw_norms,
    draw_numerical_rank,
    draw_predicted_accuracy,
    draw_quantisation,
    draw_real_transition_times,
    draw_sample_grid,
    draw_semantic_directions,
    draw_spectra,
    draw_transition_times,
    eigenvalues,
    norms_of,
    product,
    trajectory,
    transition_theory,
)
from matplotlib.legend import Legend
from matplotlib.text import Text

from gaussianity.data.figures import sample_grid
from gaussianity.drawing import style
from gaussianity.errors import InputError
from gaussianity.manifold.figures import transition_times
from gaussianity.moments.figures import eigenfaces, gram, norms, spectra
from gaussianity.sampling.figures import norm_contraction
from gaussianity.universality.figures import concentration

BY_SUBSET = [draw_accuracy, draw_gram, draw_predicted_accuracy]
BY_CLASS = [draw_spectra, draw_sample_grid, draw_norms]
LONGER = [
    (draw_numerical_rank, [100, 300, 1000, 3000], CLASSES[10]),
    (draw_numerical_rank, [100], None),
    (draw_semantic_directions, ["mixture"], (3, 32, 32), 1),
    *itertools.product([draw_accuracy, draw_gram, draw_spectra, draw_sample_grid], [20], [ALL]),
    (draw_predicted_accuracy, 20, ALL),
    *itertools.product([draw_norm_contraction, draw_class_agreement], [20]),
    (draw_concentration, 20, ALL),
    (draw_norms, 20, ALL),
    *itertools.product([*BY_SUBSET, *BY_CLASS], [1], [ALL, DATA]),
    *itertools.product(BY_SUBSET, [3], [DATA]),
    *itertools.product(BY_CLASS, [10], [DATA]),
    *itertools.product([draw_norm_contraction, draw_class_agreement, draw_norm_evolution], [1]),
    *itertools.product([draw_norm_evolution], [2, 10]),
    (draw_norm_evolution, 10, (3, 32, 32)),
    (draw_spectra, 7, ALL),
    (draw_sample_grid, 10, ALL, (3, 32, 32)),
    (draw_assumptions, DATA),
    (draw_eigenfaces, 1, ["diffusion", "data"]),
    (draw_eigenfaces, 10, ["data"], 5, (3, 8, 8)),
    (draw_controls, 1),
    (draw_concentration, 1, ALL),
    (draw_quantisation, 50, 4, 1e-5),
    (draw_quantisation, 200, 8),
    (draw_contraction, 10),
    (draw_real_transition_times, None),
]
CASES = [
    *itertools.product(BY_SUBSET, [3], [ALL]),
    *itertools.product(BY_CLASS, [10], [ALL]),
    (draw_sample_grid, 10, DATA, (1, 8, 8), 1),
    *itertools.product([draw_norm_contraction, draw_class_agreement], [10]),
    (draw_norm_evolution, 17),
    (draw_assumptions, ALL),
    (draw_eigenfaces, 7, ["diffusion", "data"], 9),
    (draw_controls, 200),
    (draw_concentration, 7, DATA, ()),
    (draw_quantisation, 16, 8),
    (draw_contraction, 1, 1, True, 1),
    (draw_real_transition_times, 0.1),
    (draw_transition_times, *transition_times.NAMES, "a_module:function"),
    (draw_numerical_rank, [100, 300, 1000], CLASSES[10][:4]),
    (draw_semantic_directions, ["study", "mixture"]),
    *(pytest.param(case, marks=pytest.mark.slow) for case in LONGER),
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


def test_at_most_twenty_classes_have_histograms():
    figure = norms.draw(norms_of([str(k) for k in range(23)], DATA[:1]))
    assert sum(panel.get_visible() for panel in figure.axes) == 20
    plt.close(figure)


def test_colours_of_eigenvectors():
    """One channel: white at 0, mirrored signs; three: grey at 0, a channel bright or dark."""
    one = eigenfaces.coloured(np.array([[[0.0, 0.2, -0.2]]]))
    np.testing.assert_allclose(one[0, 0], 0.97, atol=0.01)
    assert one[0, 1, 2] > one[0, 1, 0]
    assert one[0, 2, 0] > one[0, 2, 2]
    three = eigenfaces.coloured(np.array([0.0, 0.5, -0.25]).reshape(3, 1, 1))
    np.testing.assert_allclose(three, [[[0.5, 1.0, 0.25]]])


def test_cells_of_the_assumptions_say_verdict_trend_and_what_is_wanted():
    figure = draw_assumptions(DATA)
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert texts.count("not decided\n−1.40 ± 0.20 (≤ −0.75)") == 2 * 9
    assert texts.count("fails\n0 at some size") == 2 * 2
    plt.close(figure)


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


def save_gram(folder, table):
    """A figure's files, by their kind."""
    files = {kind: folder / f"gram.{kind}" for kind in ("pdf", "png", "csv")}
    style.save(draw_gram(1, DATA), table, **files)
    return files


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The bytes of a saved figure's files, by their kind."""
    before = plt.get_fignums()
    files = save_gram(tmp_path_factory.mktemp("bytes"), pd.DataFrame(dict(rank=[1])))
    assert plt.get_fignums() == before  # it is closed
    return {kind: file.read_bytes() for kind, file in files.items()}


def test_saving_makes_a_pdf_a_png_and_a_table(saved):
    """The PDF with TrueType, which editors and publishers take, and not drawn glyphs (Type 3)."""
    assert saved["pdf"].startswith(b"%PDF")
    assert b"/FontFile2" in saved["pdf"]
    assert b"/Type3" not in saved["pdf"]
    assert saved["png"].startswith(b"\x89PNG")
    assert saved["csv"] == b"rank\n1\n"


def test_the_same_figure_gives_the_same_bytes(saved, tmp_path):
    files = save_gram(tmp_path, pd.DataFrame(dict(rank=[1])))
    assert saved == {kind: file.read_bytes() for kind, file in files.items()}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A saved figure's PNG and table."""
    summary = gram.table(eigenvalues(subset=["pair"], origin=DATA))
    files = save_gram(tmp_path_factory.mktemp("kept"), summary)
    return files["png"], files["csv"]


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


def test_every_base_of_the_sampler_has_a_line():
    from gaussianity.sampling.sampler import BASES

    assert set(concentration.BASES) == {f"base-{base}" for base in BASES}
    colours = [concentration.look(name)["color"] for name in (*ALL, *concentration.BASES)]
    assert len(set(colours)) == len(colours)


def test_theory_alone():
    theory = transition_theory(["sign"])
    pd.testing.assert_frame_equal(
        transition_times.table(theory).drop(columns="kind"), theory, check_like=True
    )

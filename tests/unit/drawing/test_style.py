"""Legends of the origins, and the files of a figure."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from classifiers_figure_cases import draw_accuracy
from figure_cases import ALL, DATA
from moments_figure_cases import draw_gram, draw_spectra, eigenvalues

from gaussianity.drawing import style
from gaussianity.errors import InputError
from gaussianity.moments.figures import gram


@pytest.mark.parametrize("origins", [ALL, DATA], ids=["all", "data"])
@pytest.mark.parametrize("draw", [draw_accuracy, draw_gram, draw_spectra])
def test_shared_legend_names_each_origin_once(draw, origins):
    figure = draw(1, origins)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [style.label(o) for o in origins]
    plt.close(figure)


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
    """The PDF has TrueType fonts, which publishers require, and no drawn glyphs (Type 3)."""
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


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1, 10, [1, 1.5, 2, 3, 5, 7, 10]),
        (1, 10.5, [1, 2, 5, 10]),
        (4, 200, [5, 10, 20, 50, 100, 200]),
        (100, 400, [100, 150, 200, 300]),
    ],
)
def test_ticks_of_a_logarithmic_axis(low, high, ticks):
    """Within a decade there are more of them."""
    figure, panel = plt.subplots()
    panel.set_xlim(low, high)
    style.log_axis(panel)
    found = panel.xaxis.get_major_locator().tick_values(*panel.get_xlim())
    np.testing.assert_allclose([tick for tick in found if low <= tick <= high], ticks)
    assert panel.xaxis.get_major_formatter()(1.5) == "1.5"
    plt.close(figure)

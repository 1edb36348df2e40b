"""Drawing of all figures with made-up tables: the texts are inside, apart and uncovered."""

import warnings
from dataclasses import dataclass

import classifiers_figure_cases
import data_figure_cases
import halves_figure_cases
import manifold_figure_cases
import matplotlib.pyplot as plt
import molrg_figure_cases
import moments_figure_cases
import normality_figure_cases
import numpy as np
import pytest
import sampling_figure_cases
import universality_figure_cases
from figure_cases import ALL, DATA, FOUR
from matplotlib.legend import Legend
from matplotlib.text import Text

TOPICS = [
    classifiers_figure_cases,
    data_figure_cases,
    halves_figure_cases,
    manifold_figure_cases,
    molrg_figure_cases,
    moments_figure_cases,
    normality_figure_cases,
    sampling_figure_cases,
    universality_figure_cases,
]
LONGER = [case for topic in TOPICS for case in topic.LONGER]
CASES = [
    *(case for topic in TOPICS for case in topic.CASES),
    *(pytest.param(case, marks=pytest.mark.slow) for case in LONGER),
]


def name_of(case):
    draw, *arguments = case
    lists = {id(ALL): "all", id(DATA): "data", id(FOUR): "four"}
    names = [lists.get(id(argument), str(argument)) for argument in arguments]
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

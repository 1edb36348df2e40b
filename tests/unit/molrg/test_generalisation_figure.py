"""The table, the headline and the panels of the figure of generalisation."""

import numpy as np
import pandas as pd
import pytest

from gaussianity.molrg.figures import generalisation


def table_of(labels):
    """Scores for each of the labels, which are dicts of equal keys."""
    rows = [
        label
        | dict(gl=0.1 * i, gl_error=0.05, distance_ratio=0.4, distance_ratio_error=0.02)
        | dict(novel_share=0.9, novel_share_low=0.87, novel_share_high=0.91, gl_copies=0.3)
        for i, label in enumerate(labels)
    ]
    return pd.DataFrame(rows)


def mixture_table():
    pairs = [(d, n) for d in (3, 6) for n in (2, 60)]
    labels = [dict(dimension=d, samples=n * d, steps=5, outside_share=0.1) for d, n in pairs]
    inside = dict(gl_inside=[0.02, 0.03, 0.04, 0.05], gl_inside_error=0.03)
    return table_of(labels).assign(**inside)


def test_the_figure_says_what_the_first_and_the_last_size_score():
    """For d = 3 and 6 GL is 0.0 and 0.2 at N/d = 2, and 0.1 and 0.3 at N/d = 60."""
    summary = generalisation.table(mixture_table())
    assert summary["per_dimension"].tolist() == [2, 60, 2, 60]
    assert generalisation.headline(summary) == (
        "GL on mixtures of d = 3, 6 (fresh samples: 1): 0.00, 0.20 (in the subspaces 0.02, 0.04)\n"
        "at 2 training samples per dimension, 0.10, 0.30 (in the subspaces 0.03, 0.05) at 60"
        ". There the dimensions differ by\nup to 2.8 standard errors (in the subspaces 0.5)"
    )
    assert len(generalisation.draw(summary).axes) == 1


def test_every_dimension_has_its_curves():
    """GL, GL within the subspaces and GL of copies have a curve per dimension, not a mean."""
    mixture = mixture_table().assign(gl_copies=[0.1, 0.2, 0.3, 0.4])
    (panel,) = generalisation.draw(generalisation.table(mixture)).axes
    drawn = [list(line.get_ydata()) for line in panel.lines if len(line.get_xdata()) == 2]
    for values in ([0, 0.1], [0.2, 0.3], [0.1, 0.2], [0.3, 0.4], [0.02, 0.03], [0.04, 0.05]):
        assert any(found == pytest.approx(values) for found in drawn)


def test_the_spread_is_that_of_the_two_values_farthest_apart():
    """1 and 4 with the errors 0.3 and 0.4 are 3 / 0.5 apart; 2 is between them."""
    rows = pd.DataFrame(dict(gl=[1.0, 2.0, 4.0], gl_error=[0.3, 0.3, 0.4]))
    assert generalisation.spread(rows, "gl") == pytest.approx(6)


def test_bars_are_95_percent_intervals():
    rows = mixture_table()
    np.testing.assert_allclose(generalisation.bars(rows, "gl"), 1.96 * 0.05 * np.ones(4), rtol=1e-4)
    found = generalisation.bars(rows, "novel_share")
    np.testing.assert_allclose(found, [[0.03] * 4, [0.01] * 4])


def test_the_figure_of_images_draws_what_there_is():
    images = table_of([dict(images=n, steps=5, unlike_share=np.nan) for n in (8, 64)])
    summary = generalisation.table(mixture_table(), images)
    assert "unlike_share" not in summary
    assert summary["samples"].tolist() == [6, 180, 12, 360, 8, 64]
    _, panel = generalisation.draw(summary, "features").axes
    texts = [text.get_text() for text in panel.get_legend().get_texts()]
    assert len(texts) == 4
    assert "copy detector" not in " ".join(texts)
    images = images.assign(unlike_share=0.5, unlike_share_low=0.4, unlike_share_high=0.7)
    _, panel = generalisation.draw(generalisation.table(mixture_table(), images)).axes
    assert len(panel.get_legend().get_texts()) == 5


def test_the_headline_ends_with_the_largest_size():
    labels = [dict(dimension=3, samples=3 * n, steps=5, outside_share=0.1) for n in (2, 20, 60)]
    mixture = table_of(labels).assign(gl_inside=[0.02, 0.03, 0.04])
    said = generalisation.headline(generalisation.table(mixture))
    assert said.endswith("at 2 training samples per dimension, 0.20 (in the subspaces 0.04) at 60")


def test_panels_have_lines_at_nothing_and_at_fresh_samples():
    images = table_of([dict(images=n, steps=5) for n in (8, 64)]).assign(gl_copies=[0.3, 0.2])
    for panel in generalisation.draw(generalisation.table(mixture_table(), images)).axes:
        levels = [set(line.get_ydata()) for line in panel.lines if len(line.get_ydata()) == 2]
        assert {0.0} in levels
        assert {1.0} in levels
    lines = [line.get_xydata().tolist() for line in panel.lines if len(line.get_xdata()) == 2]
    assert [[8, 0.0], [64, 0.1]] in lines  # GL
    assert [[8, 0.3], [64, 0.2]] in lines  # of copies
    assert panel.get_xscale() == "log"
    assert panel.get_xticks().tolist() == [8, 64]

"""Error bars of the figure of real transition times."""

import numpy as np
from image_times_cases import drawn_of

from gaussianity.drawing import style
from gaussianity.intervals import binomial_error
from gaussianity.manifold.figures import real_transition_times
from gaussianity.manifold.theory.two_classes import Criterion


def test_clones_that_all_agree_have_an_error():
    measured, summary = drawn_of(0)
    figure = real_transition_times.draw(measured, summary)
    for panel, mean in zip(figure.axes, (1.0, 0.0), strict=False):  # one class, at no copy
        (bars,) = panel.containers[0].lines[2]
        lengths = [np.ptp(segment[:, 1]) / 2 for segment in bars.get_segments()]
        np.testing.assert_allclose(lengths, binomial_error(mean, 256))
    style.plt.close(figure)


def test_clones_and_weights_are_drawn_with_lines_of_their_own():
    measured, summary = drawn_of(100)
    weights = "trained", "collapse", Criterion.WEIGHTS
    times, samples = measured[weights]
    measured[weights] = times, 0.9 * samples  # else as those of the clones
    figure = real_transition_times.draw(measured, summary)
    collapses = figure.axes[1]
    for (score, transition, criterion), (times, samples) in measured.items():
        if transition == "collapse":
            expected = np.column_stack([times, samples.mean(axis=1)])
            styles = {
                line.get_linestyle()
                for line in collapses.lines
                if np.array_equal(line.get_xydata(), expected)
            }
            assert len(styles) == 1, (score, criterion)
            assert ("-." in styles) == (criterion == Criterion.WEIGHTS)
    style.plt.close(figure)


def test_the_control_is_drawn_beside_the_speciation():
    measured, summary = drawn_of(100)
    times, samples = measured["trained", "speciation", None]
    control = 0.7 + 0 * samples
    measured["mixture", "control", None] = times, control
    figure = real_transition_times.draw(measured, summary)
    style.plt.close(figure)
    lines = [line.get_xydata() for line in figure.axes[0].lines]

    def count(times, samples):
        expected = np.column_stack([times, samples.mean(axis=1)])
        return sum(np.array_equal(line, expected) for line in lines)

    assert count(times, control) == 1
    assert count(*measured["trained", "collapse", Criterion.CLONES]) == 0


def test_times_of_each_score_stand_in_a_row_of_their_own():
    measured, summary = drawn_of(100)
    figure = real_transition_times.draw(measured, summary)
    style.plt.close(figure)
    panel = figure.axes[2]
    rows = [text.get_text() for text in panel.get_yticklabels()]
    names = {real_transition_times.SCORES[n]["label"]: n for n in ("data", "trained", "mixture")}
    place = {names.get(text, text): i for i, text in enumerate(rows)}
    for container, key in zip(panel.containers, real_transition_times.TRANSITIONS, strict=True):
        transition, criterion = key
        asked = summary["transition"].eq(transition) & summary["criterion"].eq(criterion)
        known = summary[asked & np.isfinite(summary["time"])]
        expected = [[row.time, place[row.law]] for row in known.itertuples()]
        drawn = container.lines[0].get_xydata()
        np.testing.assert_allclose(sorted(drawn.tolist()), sorted(expected))

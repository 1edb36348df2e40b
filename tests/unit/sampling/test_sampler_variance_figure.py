"""The panels of the figure of the variance that the sampler makes."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from gaussianity.sampling.figures import sampler_variance


@pytest.fixture
def table():
    return pd.DataFrame(
        dict(
            rank=[0, 1, 2],
            eigenvalue=[3.0, 2.0, 1.0],
            sampler=[1.2, 1.1, 1.4],
            generated=[0.9, 0.8, 1.1],
            sampler_shift=[0.01, 0.02, 0.01],
            generated_shift=[0.05, 0.06, 0.04],
            start_sigma=np.nan,
            start_bound=np.nan,
        )
    )


def drawn(table):
    """Titles, and the points of each line, by panel."""
    figure = sampler_variance.draw(table)
    titles = [panel.get_title() for panel in figure.axes]
    lines = [[line.get_xydata() for line in panel.get_lines()] for panel in figure.axes]
    plt.close(figure)
    return titles, lines


def test_the_lines_are_the_directions(table):
    _, (variance, shift) = drawn(table)
    np.testing.assert_allclose(variance[0], [[2, 1.1], [1, 1.4]])
    np.testing.assert_allclose(variance[1], [[2, 0.8], [1, 1.1]])
    np.testing.assert_allclose(shift[0], [[2, 0.02], [1, 0.01]])
    np.testing.assert_allclose(shift[1], [[2, 0.06], [1, 0.04]])


def test_an_error_above_five_percent_is_said(table):
    (variance, mean), _ = drawn(table)
    assert "sampler +20.0%, generated -10.0%" in variance
    assert "above 5%" in variance
    assert mean == "(b) mean"
    table.loc[0, "sampler"] = 1.04
    assert "above 5%" not in drawn(table)[0][0]


def test_a_start_in_closed_form_is_said_with_its_bound(table):
    table["start_sigma"], table["start_bound"] = 7.7, 0.043
    assert "at σ = 7.7, bound 0.043" in drawn(table)[0][1]


def test_without_a_dataset_there_is_the_sampler_alone(table):
    table["generated"] = table["generated_shift"] = np.nan
    (variance, _), (lines, _) = drawn(table)
    assert "generated" not in variance
    assert len(lines) == 2  # with the line at 1

"""The panels of the figure of norms' decreases."""

import matplotlib.pyplot as plt
from figure_cases import CLASSES
from sampling_figure_cases import decrease_table, trajectory

from gaussianity.sampling.figures import norm_contraction
from gaussianity.sampling.norms import norm_decreases


def test_every_chosen_class_has_trajectories():
    classes = CLASSES[20][:12]
    steps = norm_decreases(trajectory(classes))
    figure = norm_contraction.draw(steps, decrease_table(steps), classes, 5)
    legend = figure.axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [f"class {c}" for c in classes]
    plt.close(figure)

"""A figure that says why it shows nothing."""

import textwrap

from gaussianity.drawing import style


def left_out(sentence):
    """A Figure of one sentence."""
    with style.theme():
        figure, axes = style.grid(1, 1, height=1.2)
        axes[0, 0].set_axis_off()
        axes[0, 0].text(0.5, 0.5, textwrap.fill(sentence, 90), ha="center", va="center")
    return figure

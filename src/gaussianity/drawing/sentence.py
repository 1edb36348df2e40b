"""The figure in place of one that has no numbers to show."""

import textwrap

from gaussianity.drawing import style

LONGEST = 90  # characters of a line


def sentence(said):
    """A figure of a sentence, which says why nothing is shown. Returns: Figure."""
    lines = textwrap.wrap(said, LONGEST)
    with style.theme():
        figure, (panel,) = style.panels(1, 1, height=0.6 + 0.25 * len(lines))
        panel.text(0.5, 0.5, "\n".join(lines), ha="center", va="center")
        panel.set_axis_off()
    return figure

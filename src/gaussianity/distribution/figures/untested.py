"""The figure in place of one whose classes have no numbers."""

from gaussianity.drawing import style


def untested():
    """A figure that says that no class could be tested. Returns: Figure."""
    with style.theme():
        figure, (panel,) = style.panels(1, 1, height=1)
        panel.set_title("no class could be tested")
        panel.set_axis_off()
    return figure

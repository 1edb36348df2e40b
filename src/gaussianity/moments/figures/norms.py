"""Figure "norms": histograms of the norms of images per class, with all origins in one panel."""

import numpy as np

from gaussianity.drawing import style
from gaussianity.moments.figures.class_panels import titled_panels
from gaussianity.moments.norms import kolmogorov_smirnov


def draw(norms, shown=20):
    """A panel per class, at most `shown`; its title gives the Kolmogorov-Smirnov distances.

    Args:    norms - see `norm_statistics`. Returns: Figure.
    """
    classes = list(dict.fromkeys(image_class for image_class, _ in norms))[:shown]
    chosen = {
        name: {origin: values for (c, origin), values in norms.items() if c == name}
        for name in classes
    }
    with style.theme():
        figure, axes = titled_panels({name: _distances(of) for name, of in chosen.items()})
        for panel, of_class in zip(axes, chosen.values(), strict=True):
            _panel(panel, of_class)
            panel.set(ylim=(0, None), yticks=[])
        figure.supxlabel(r"norm of the image $\|x\|$, black 0 and white 1", fontsize=10)
        figure.supylabel("density", fontsize=10)
        style.shared_legend(figure, axes)
    return figure


def _panel(panel, chosen):
    fewest = min(len(values) for values in chosen.values())
    bins = int(np.clip(np.sqrt(fewest), 8, 40))
    edges = np.histogram_bin_edges(np.concatenate(list(chosen.values())), bins)
    for origin, values in chosen.items():
        density, _ = np.histogram(values, edges, density=True)
        panel.stairs(density, edges, linewidth=1.4, **style.line_style(origin))


def _distances(chosen):
    found = [
        f"{origin}: {kolmogorov_smirnov(values, chosen[f'{origin}-gaussian']):.2f}"
        for origin, values in chosen.items()
        if f"{origin}-gaussian" in chosen
    ]
    return [f"KS {text}" if place == 0 else text for place, text in enumerate(found)]

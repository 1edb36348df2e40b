"""Figure "norms": histograms of the norms of images per class, all origins overlaid.

The paper's code, arXiv 2501.07741, draws them for whole runs of the sampler.
"""

import numpy as np
import pandas as pd

from gaussianity.drawing import style

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


def table(norms):
    """Statistics of the norms per class and origin.

    Args:    norms - dict of (class, origin) to norms (n,), in the images' unit.
    Returns: DataFrame with image_class, origin, images, mean, std, quantiles, and ks_distance, the
             Kolmogorov-Smirnov distance between an origin and its Gaussian data, NaN where there
             are none.
    """
    return pd.DataFrame(_row(norms, *key) for key in norms)


def _row(norms, image_class, origin):
    values = norms[image_class, origin]
    other = norms.get((image_class, f"{origin}-gaussian"))
    return dict(
        image_class=image_class,
        origin=origin,
        images=len(values),
        mean=values.mean(),
        std=values.std(ddof=1),
        **{name: np.quantile(values, q) for name, q in QUANTILES.items()},
        ks_distance=np.nan if other is None else kolmogorov_smirnov(values, other),
    )


def draw(norms, shown=20):
    """A panel per class, at most `shown`; the title gives the distances of the table.

    Args:    norms - see `table`. Returns: Figure.
    """
    classes = list(dict.fromkeys(image_class for image_class, _ in norms))[:shown]
    with style.theme():
        figure, axes = style.panels(len(classes), 5, height=2.2)
        for panel, image_class in zip(axes, classes, strict=True):
            chosen = {o: values for (c, o), values in norms.items() if c == image_class}
            _panel(panel, chosen)
            panel.set_title(f"class {image_class}\n{_distances(chosen)}", fontsize=9)
            panel.set(ylim=(0, None), yticks=[])
        figure.supxlabel(r"norm of the image $\|x\|$, black 0 and white 1", fontsize=10)
        figure.supylabel("density of the images", fontsize=10)
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
    return "KS " + ", ".join(found)


def norms(batches):
    """Euclidean norm of each row of a stream of batches (n_i, d), one batch in memory: (n,)."""
    return np.concatenate([np.linalg.norm(batch, axis=1) for batch in batches])


def kolmogorov_smirnov(a, b):
    """Largest distance between the empirical distribution functions of two samples, 0 to 1.

    >>> kolmogorov_smirnov([1, 2, 3, 4], [3, 4, 5, 6])
    0.5
    """
    a, b = np.sort(a), np.sort(b)
    points = np.concatenate([a, b])
    below = [np.searchsorted(sample, points, side="right") / len(sample) for sample in (a, b)]
    return float(np.abs(below[0] - below[1]).max())

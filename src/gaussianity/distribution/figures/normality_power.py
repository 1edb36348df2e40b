"""Figure "normality_power": how many images show that a class is not normal."""

import pandas as pd

from gaussianity.distribution.power.power import SHARE
from gaussianity.drawing import style

TICKS = 6  # sizes of subsamples that are written below the axis, else round numbers are
NAMES = {
    "two_modes": "two modes, 1st direction",
    "two_modes_tenth": "two modes, 10th direction",
    "skewed": "skewed, 1st direction",
    "uniform": "uniform, all directions",
    "heavy_tails": "heavy tails ($t_3$)",
    "subspaces": "four subspaces",
}


def table(power, known):
    """One table of both panels: what is subsampled, then the known distributions.

    Args:    power - rows per source, class and size, see `power.subsample_power`; known - rows per
             distribution and size, see `alternatives.known_power`.
    """
    first = power.assign(panel="classes").rename(
        columns={"image_class": "of", "subsamples": "sets"}
    )
    second = known.assign(panel="known", source="").rename(columns={"alternative": "of"})
    columns = ["panel", "source", "of", "images", "sets", "rejected", "low", "high"]
    return pd.concat([first, second], ignore_index=True).reindex(columns=columns)


def draw(power, known):
    """Share of rejected subsamples against their size, and the same of known distributions.

    Args:    power, known - see `table`. Returns: Figure.
    """
    sources = list(dict.fromkeys(power["source"]))
    with style.theme():
        figure, axes = style.panels(len(sources) + 1, 3, height=3.4)
        for panel, source in zip(axes, sources, strict=False):
            _classes(panel, power[power["source"] == source], source)
        _known(axes[len(sources)], known)
        for panel in axes[: len(sources)]:
            panel.set_ylim(0, 105)
            panel.axhline(100 * SHARE, color="black", linestyle="--", linewidth=1)
            panel.set_xlabel("images of a subsample")
            panel.set_ylabel("rejected (%)")
    return figure


def _classes(panel, power, source):
    """A thin line per class, and the mean of all classes.

    The mean is over first, second, ... sizes from the largest: classes with repeated images have
    sizes that differ a little.
    """
    for _, line in power.groupby("image_class", sort=False):
        panel.plot(
            *(line["images"], 100 * line["rejected"]),
            color=style.GAUSSIAN_COLOURS[source],
            linewidth=0.8,
        )
    halvings = power.groupby("image_class")["images"].rank(ascending=False)
    mean = power.groupby(halvings)[["images", "rejected"]].mean()
    look = dict(color=style.COLOURS[source], marker=style.marker(source)["marker"], markersize=4)
    panel.plot(mean["images"], 100 * mean["rejected"], **look)
    style.log_axis(panel)
    if len(mean) <= TICKS:
        panel.set_xticks(mean["images"].round().astype(int))
    panel.set_title(f"{source}: classes and their mean")


def _known(panel, known):
    """A bar per known distribution and number of images."""
    names = [name for name in NAMES if name in set(known["alternative"])]
    sizes = sorted(known["images"].unique())
    height = 0.8 / max(1, len(sizes))
    for number, (size, shade) in enumerate(zip(sizes, _shades(len(sizes)), strict=True)):
        share = known[known["images"] == size].set_index("alternative")["rejected"]
        places = [place + (number - (len(sizes) - 1) / 2) * height for place in range(len(names))]
        values = [100 * share.get(name, float("nan")) for name in names]
        panel.barh(places, values, height=height, color=shade, label=f"{size:,} images")
    panel.set_yticks(range(len(names)), [NAMES[name] for name in names])
    panel.invert_yaxis()
    panel.set_xlim(0, 105)
    panel.set_ylim(len(names) - 0.4, -0.6)
    panel.axvline(100 * SHARE, color="black", linestyle="--", linewidth=1)
    panel.set_xlabel("rejected (%)")
    panel.set_title("known distributions")
    panel.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), frameon=False, fontsize=8, ncols=2)
    panel.grid(axis="y", visible=False)


def _shades(count):
    """Colours of numbers of images. They are not those of a source."""
    return [style.GREEN, style.PURPLE, style.GREY, style.LIGHT_GREY][:count]

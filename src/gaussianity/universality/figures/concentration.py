"""Figure "concentration": tails of 1-Lipschitz functionals and those of normal distributions.

Ghane et al. (2025), arXiv 2501.07741, prove concentration, and measure norms along the sampler.
They do not have this figure.
"""

import numpy as np

from gaussianity.drawing import style
from gaussianity.universality.concentration import gaussian_bound
from gaussianity.universality.functionals import family

TITLES = {
    "norm": "norm",
    "mean_distance": "distance to the mean",
    "anchor_distance": "distance to an image",
    "nearest_anchor": "distance to the nearest",
    "random_projection": "random projection",
    "principal_projection": "first principal projection",
    "maximum": "largest pixel",
    "relu_norm": "norm of relu(Wx)",
}
BASES = {
    "base-gaussian": dict(color="black", linestyle=":", label="base: Gaussian"),
    "base-student_t": dict(color=style.PURPLE, linestyle="-.", label="base: Student-t per pixel"),
    "base-multivariate_t": dict(
        color=style.GREEN, linestyle=(0, (5, 1)), label="base: Student-t per image"
    ),
}
NUMBERED = ("anchor_distance", "random_projection", "principal_projection")
MARKERS = "osD^vPX"
SMALLEST = 1e-4  # a smaller R_f is drawn at this height
BOUND_STARTS = np.sqrt(2 * np.log(2))  # t at which the bound falls below 1


def draw(ratios, survival, image_class):
    """A panel of survival functions for each family of functionals, and R_f with its intervals.

    Args:    ratios - see `concentration.judged`; survival - see `concentration.tails`;
             image_class - the class whose first functional of each family has a curve and an
             interval; small marks show R_f of all others.
    Returns: Figure.
    """
    of_class = survival[survival["image_class"] == image_class]
    with style.theme():
        figure, axes = style.mosaic(["abcd", "efgh", "RRRR"], [2.3, 2.3, 3.0])
        for (name, title), key in zip(TITLES.items(), "abcdefgh", strict=True):
            _tails(axes[key], of_class[of_class["functional"] == first(name)])
            axes[key].set_title(f"({key}) {title}", fontsize=9)
        for key in "ae":
            axes[key].set_ylabel("share of images further")
        for key in "efgh":
            axes[key].set_xlabel(r"$t$, in $\sqrt{\lambda_{\max}}$ from the mean", fontsize=9)
        _ratios(axes["R"], ratios, image_class)
        style.shared_legend(figure, axes.values())
    return figure


def first(name):
    """The functional with number 1 of a family, which the panels show."""
    return f"{name}_1" if name in NUMBERED else name


def look(population):
    """Colour, dashes and label of the lines of a population."""
    return BASES.get(population) or style.line_style(population)


def _tails(panel, shown):
    for population, line in shown.groupby("population", sort=False):
        line = line[line["share"] > 0]
        panel.plot(line["t"], line["share"], linewidth=1.4, **look(population))
    t = np.linspace(BOUND_STARTS, 5, 60)
    label = r"normal: $2 e^{-t^2/2}$ at most"
    panel.plot(t, gaussian_bound(t), color="grey", linewidth=4, alpha=0.45, label=label)
    seen = shown[shown["share"] > 0]
    panel.set_xlim(0, max(4.0, seen["t"].max() + 0.2))
    panel.set_yscale("log")
    panel.set_ylim(seen["share"].min() / 1.5, 1.5)


def _ratios(panel, ratios, image_class):
    populations = list(ratios["population"].unique())
    families = ratios["functional"].map(family)
    height = ratios[["ratio", "low", "high"]].clip(lower=SMALLEST)
    marked = (ratios["image_class"] == image_class) & (ratios["functional"] == families.map(first))
    for number, population in enumerate(populations):
        chosen = ratios["population"] == population
        place = families.map(list(TITLES).index) + 0.8 * ((number + 0.5) / len(populations) - 0.5)
        colour = look(population)["color"]
        behind, shown = chosen & ~marked, chosen & marked
        panel.plot(place[behind], height["ratio"][behind], "_", color=colour, alpha=0.5, zorder=1)
        part = height[shown]
        lengths = [part["ratio"] - part["low"], part["high"] - part["ratio"]]
        panel.errorbar(
            place[shown],
            part["ratio"],
            # The estimate can lie outside a percentile interval.
            yerr=np.clip(lengths, 0, None),
            fmt=MARKERS[number % len(MARKERS)],
            color=colour,
            markersize=4,
            capsize=2,
            linewidth=1.2,
        )
    panel.axhline(1, color="black", linewidth=1)
    panel.set_yscale("log")
    panel.set_ylim(bottom=height["ratio"].min() / 2)
    panel.set_xticks(range(len(TITLES)), [title.replace(" ", "\n", 1) for title in TITLES.values()])
    panel.tick_params(axis="x", labelsize=8)
    panel.set_ylabel(r"$R_f$ = variance proxy / $\lambda_{\max}$")
    panel.set_title(
        f"(i) class {image_class} with 95 % intervals; small marks: other classes and functionals"
    )

"""Figure "numerical_rank": of how many dimensions a denoiser's Jacobian is, against the noise.

Figures 3 and 7 of Wang et al. (2024), arXiv 2409.02426.
"""

import itertools

import pandas as pd
import seaborn as sns

from gaussianity.drawing import style
from gaussianity.molrg.numerical_rank import SHARES

EXACT = "exact denoiser"
NAMES = {
    "energy 0.99": "0.99 of the energy (eq. 52, by a note)",
    "energy 0.9801": r"0.99$^2$ of the energy (their code)",
}
LETTERS = "abcd"
MARKERS = "osD^vP*X"
PALETTES = {"mixture": "viridis", "study": "plasma"}
REFERENCE = style.VERMILION


def table(mixture, classes=None):
    """Numerical rank per denoiser, definition and noise level.

    Args:    mixture - DataFrame of the table mixture_rank; classes - of those of numerical_rank,
             None without.
    Returns: DataFrame with panel (mixture, or denoiser of the study), curve, definition, step,
             sigma, snr, images, dimension d, reference (sum of the subspaces' dimensions, NaN where
             it is not known) and of one subspace, rank's median, q25, q75, least and most, low and
             high between which all true ranks lie, and share, the median over d.
    """
    subspaces = mixture["subspaces"] * mixture["subspace_dimension"]
    steps = mixture["training_steps"]
    curve = steps.map(lambda n: f"U-Net, {n:,} training steps" if n else EXACT)
    tables = [mixture.assign(panel="mixture", curve=curve, reference=subspaces)]
    if classes is not None:
        tables.append(classes.assign(panel="study", curve="class " + classes["image_class"]))
    rows = pd.concat(tables, ignore_index=True)
    keys = ["panel", "curve", "definition", "step", "sigma", "snr"]
    grouped = rows.groupby(keys, sort=False)
    rank = grouped["rank"]
    summary = pd.DataFrame(
        dict(
            images=grouped.size(),
            dimension=grouped["dimension"].first(),
            reference=grouped["reference"].first(),
            subspace=grouped["subspace_dimension"].first(),
            median=rank.median(),
            q25=rank.quantile(0.25),
            q75=rank.quantile(0.75),
            least=rank.min(),
            most=rank.max(),
            low=grouped["low"].min(),
            high=grouped["high"].max(),
        )
    )
    return summary.assign(share=summary["median"] / summary["dimension"]).reset_index()


def headline(summary):
    """What the ranks are, in a sentence."""
    first = summary[summary["definition"] == next(iter(SHARES))]
    mixture = first[first["panel"] == "mixture"]
    exact = mixture[mixture["curve"] == EXACT]
    most, bound = int(exact["most"].max()), int(exact["reference"].iloc[0])
    sentence = "Exact denoiser of the mixture: rank at most"
    sentence += f" {most}, the subspaces' dimensions sum up to {bound}"
    others = first[first["curve"] != EXACT]
    least = [
        f"{rows['median'].min():g} of {rows['dimension'].iloc[0]} ({name})"
        for name, rows in others.groupby("panel", sort=False)
    ]
    if least:
        sentence += f"\nLeast median rank of the other denoisers: {', '.join(least)}"
    return sentence


def draw(summary):
    """Rank over dimension against 1 / sigma: a row per definition, mixture and study side by side.

    Args:    summary - see `table`. Returns: Figure.
    """
    shown = list(dict.fromkeys(summary["panel"]))
    cells = list(itertools.product(SHARES, shown))
    with style.theme():
        figure, axes = style.grid(len(SHARES), len(shown), height=3.1, sharex=True, sharey=True)
        for panel, letter, (definition, name) in zip(axes.flat, LETTERS, cells, strict=False):
            chosen = summary["panel"].eq(name) & summary["definition"].eq(definition)
            _panel(panel, summary[chosen], name)
            panel.set_title(f"({letter}) {_what(summary[chosen], name)}, {NAMES[definition]}")
        style.shared_legend(figure, axes[0], below=True)
        for panel in axes[-1]:
            panel.set_xlabel(r"signal-to-noise ratio $1/\sigma$")
        for panel in axes[:, 0]:
            panel.set_ylabel("rank / dimension")
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _what(curves, name):
    """Whose Jacobians a panel shows."""
    first = curves.iloc[0]
    if name == "study":
        return f"the study, d = {first['dimension']}"
    return f"mixture, d = {first['dimension']}"


def _panel(panel, curves, name):
    drawn = curves.groupby("curve", sort=False)
    colours = sns.color_palette(PALETTES[name], drawn.ngroups)
    looks = zip(drawn, colours, itertools.cycle(MARKERS), strict=False)
    for (curve, rows), colour, marker in looks:
        exact = curve == EXACT
        look = dict(color="black" if exact else colour, linestyle="--" if exact else "-")
        panel.plot(rows["snr"], rows["share"], **look, marker=marker, markersize=4, label=curve)
        low, high = rows["q25"] / rows["dimension"], rows["q75"] / rows["dimension"]
        panel.fill_between(rows["snr"], low, high, color=look["color"], alpha=0.2, linewidth=0)
    if name == "mixture":
        first = curves.iloc[0]
        for value, dots in ((first["reference"], "-."), (first["subspace"], ":")):
            label = f"{value:g} dimensions, {'all subspaces' if dots == '-.' else 'one subspace'}"
            panel.axhline(value / first["dimension"], color=REFERENCE, linestyle=dots, label=label)
    panel.set_xscale("log")
    panel.set_ylim(0, 1.02)

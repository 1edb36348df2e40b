"""Figure "numerical_rank": numerical rank of denoisers' Jacobians against the noise level.

As figures 3 and 7 of Wang et al. (2024), arXiv 2409.02426.
"""

import itertools

import seaborn as sns

from gaussianity.drawing import style
from gaussianity.molrg.numerical_rank import SHARES
from gaussianity.molrg.rank_summary import EXACT, headline

NAMES = {
    "energy 0.9801": r"0.99$^2$ of the energy (their code)",
    "energy 0.99": "0.99 of the energy (by a note)",
}
LETTERS = "abcd"
MARKERS = "osD^vP*X"
PALETTES = {"mixture": "viridis", "study": "plasma"}
REFERENCE = style.VERMILION


def draw(summary):
    """Rank over dimension against 1 / sigma: a row per definition, a column per kind of data.

    Args:    summary - see `rank_summary`. Returns: Figure.
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
    """Data and dimension of a panel."""
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

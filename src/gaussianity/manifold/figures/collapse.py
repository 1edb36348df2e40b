"""Figure "collapse": collapse of the empirical score on training points.

It shows the weight of the true point, the inverse participation ratio and the excess entropy of
Biroli et al. (2024), arXiv 2402.18491, against t / t_C, and the measured t_C with the band of
finite training sets.
"""

import math

import seaborn as sns

from gaussianity.drawing import style
from gaussianity.manifold.measured.collapse_times import headline

CURVES = {
    "true": "weight of the true point",
    "participation": r"participation $\sum w^2$",
    "entropy_share": r"entropy of $w$ / log n",
}
CRITERIA = {
    "true": ("o", style.BLUE, "E w(true) = 1/2"),
    "participation": ("s", style.VERMILION, r"E $\sum w^2$ = 1/2"),
}
BAND = dict(color=style.GREY, alpha=0.35, linewidth=0)
HUES, DASHES = 6, ("-", "--", ":")
NAMES = 0.6  # width of the names divided by the width of the times


def draw(summary):
    """The curves in the upper row, the measured times and their bands in the lower row.

    Args:    summary - see `collapse_table`. Returns: Figure.
    """
    cases = list(dict.fromkeys(summary["case"]))
    with style.theme():
        figure, axes = style.mosaic(["abc", "ddd"], heights=[3.2, 1.2 + 0.25 * len(cases)])
        palette = sns.color_palette("colorblind", HUES)
        looks = {
            case: dict(color=palette[i % HUES], linestyle=DASHES[i // HUES % len(DASHES)])
            for i, case in enumerate(cases)
        }
        for letter, (name, label) in zip("abc", CURVES.items(), strict=True):
            _draw_curves(axes[letter], summary[summary["quantity"] == name], looks)
            axes[letter].set_title(f"({letter}) {label}")
        _draw_times(axes["d"], summary, cases)
        _draw_names(axes["d"], summary, looks)
        figure.suptitle(headline(summary), fontsize=11)
    return figure


def _draw_curves(panel, shown, looks):
    known = shown.dropna(subset="theory")
    panel.axvspan(1, (known["theory_half"] / known["theory"]).max(), **BAND)
    if shown["quantity"].iloc[0] in CRITERIA:
        panel.axhline(0.5, color="black", linewidth=0.8, linestyle=":")
    for case, curve in known.groupby("case", sort=False):
        panel.plot(curve["relative"], curve["value"], linewidth=1.2, **looks[case])
    panel.set_xlabel("$t / t_C(n)$")
    panel.set_ylim(-0.03, 1.03)


def _draw_times(panel, summary, cases):
    height = {case: -i for i, case in enumerate(cases)}
    for name, (marker, colour, level) in CRITERIA.items():
        times = summary[summary["quantity"] == f"t_C {name}"].dropna(subset="theory")
        at = times["case"].map(height)
        if name == "true":
            width = times["theory_half"] / times["theory"] - 1
            panel.barh(at, width, left=1, height=0.7, label="$t_C(n)$ to $t_C(n/2)$", **BAND)
        error = times["error"] / times["theory"]
        look = dict(fmt=marker, color=colour, markersize=5, capsize=2)
        panel.errorbar(times["relative"], at, xerr=error, label=f"measured, {level}", **look)
    panel.axvline(1, color="black", linewidth=0.8)
    panel.set_ylim(-len(cases) + 0.4, 0.6)
    panel.set_xlabel("measured time / $t_C(n)$")
    panel.set_title("(d) collapse times")
    panel.legend(loc="best", fontsize=8)


def _draw_names(panel, summary, looks):
    """The cases' names and line samples inside the panel, left of the measured times."""
    low, high = panel.get_xlim()
    ticks = [tick for tick in panel.get_xticks() if low <= tick <= high]
    panel.set_xlim(low - NAMES * (high - low), high)
    panel.set_xticks(ticks)
    panel.set_yticks([])
    place = dict(transform=panel.get_yaxis_transform())
    for i, (case, look) in enumerate(looks.items()):
        panel.plot([0.008, 0.035], [-i, -i], **look, **place)
        row = summary[summary["case"] == case].iloc[0]
        panel.text(0.042, -i, _name(row), va="center", fontsize=8, **place)


def _name(row):
    parts = [f"{row['activation']}{', isometric' if row['isometric'] else ''}"]
    parts += [f"d = {row['d']}, p = {row['p']}, n = {row['n']:,}"]
    tied = math.isclose(row["kappa"], row["p"] / row["d"])
    parts.append(r"$\kappa = \beta$" if tied else rf"$\kappa$ = {row['kappa']:.3g}")
    if row["separation"]:
        parts.append(rf"$|\tilde\mu|^2$ = {row['separation'] ** 2:.3g}")
    return ", ".join(parts)

"""Figure "linear_start": what a start of the sampler in closed form moves, and what it saves."""

from gaussianity.drawing import style
from gaussianity.linear.late_starts import FINER, LATE
from gaussianity.linear.measures import CONFIDENCE
from gaussianity.linear.start_summary import CHECK, KL_LOOSE, KL_STRICT, LOSS

RULES = {
    KL_STRICT: (style.GREEN, ":"),
    KL_LOOSE: (style.PURPLE, "-."),
    LOSS: (style.ORANGE, "--"),
    CHECK: (style.BLACK, (0, (1, 3))),
}


def draw(table):
    """(a) images moved, (b) variance kept and votes unchanged, (c) divergence, against savings.

    Args:    table - see `start_summary.start_table`. Returns: Figure.
    """
    levels = table[table["compared"] == LATE]
    tried = levels.dropna(subset="moved")
    (finer,) = table.loc[table["compared"] == FINER, "moved"]
    with style.theme():
        figure, axes = style.grid(1, 3, height=3.8)
        moved, kept, divergence = axes[0]
        _moved(moved, tried, finer)
        _kept(kept, tried)
        above = levels[levels["kl"] > 0]
        divergence.plot(100 * above["saved"], above["kl"], color=style.BLUE, marker="o", ms=4)
        divergence.set_yscale("log")
        divergence.set_ylabel("divergence above the start, nats")
        divergence.set_title("(c) states against the Gaussian's")
        for panel in axes[0]:
            lines = _rules(panel, levels)
            panel.set_xlabel("network evaluations saved, %")
            panel.set_xlim(0, 100)
        figure.legend(*zip(*lines, strict=True), loc="outside upper center", ncols=2, frameon=False)
    return figure


def _moved(panel, tried, finer):
    x = 100 * tried["saved"]
    errors = CONFIDENCE * tried["moved_error"]
    panel.errorbar(x, tried["moved"], yerr=errors, color=style.BLUE, marker="o", ms=4)
    panel.axhline(finer, color=style.VERMILION, linewidth=1.2)
    note = dict(xytext=(-4, 4), textcoords="offset points", fontsize=8, color=style.VERMILION)
    panel.annotate("twice the steps", (100, finer), ha="right", **note)
    panel.set_yscale("log")
    panel.set_ylabel("distance / spread within the class")
    panel.set_title("(a) images moved")


def _kept(panel, tried):
    looks = (("variance", style.BLUE, "o"), ("votes", style.VERMILION, "s"))
    for column, colour, marker in looks:
        look = dict(color=colour, marker=marker, ms=4, label=column)
        panel.plot(100 * tried["saved"], 100 * tried[column], **look)
    panel.axhline(100, color="black", linewidth=0.8)
    panel.set_ylabel("kept, %")
    panel.set_title("(b) variance and class votes kept")
    panel.legend(loc="lower left", fontsize=8)


def _rules(panel, levels):
    """A vertical line for each rule, named in the figure's legend."""
    lines = []
    for rule, (colour, dash) in RULES.items():
        at = levels[levels["rules"].str.split("; ").map(lambda names, rule=rule: rule in names)]
        for saved, sigma in zip(at["saved"], at["sigma"], strict=True):
            line = panel.axvline(100 * saved, color=colour, linestyle=dash, linewidth=1.5)
            lines.append((line, f"{rule}: σ = {sigma:.2g}"))
    return lines

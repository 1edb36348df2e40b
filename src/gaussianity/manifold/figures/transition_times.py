"""Figure "transition_times": speciation and collapse times, in theory and measured."""

import itertools

import numpy as np
import pandas as pd

from gaussianity.drawing import style
from gaussianity.manifold.theory.curves import ISOMETRIC, POINT, VARIED

NAMES = {
    "linear": "linear",
    ISOMETRIC: "linear, isometric F",
    "tanh": "tanh(x)",
    "tanh2x": "tanh(2x)",
    "relu": "ReLU",
    "sign": "sign",
    "cubic": r"$x^3/3$",
    "square": r"$x^2 - 1$",
}
COLOURS = (
    style.BLUE,
    style.SKY_BLUE,
    style.ORANGE,
    style.GREEN,
    style.VERMILION,
    style.PURPLE,
    style.BLACK,
    style.GREY,
)
DASHES = ("-", "--", "-.", (0, (5, 1, 1, 1, 1, 1)))
MARKERS = "osD^vP*X"
AXES = {
    "beta": r"$\beta = p/d$",
    "alpha": r"$\alpha = \log(n)/d$",
    "separation": r"distance of the classes $|\mu|/\sqrt{p}$",
}
SYMBOLS = {
    "d": "d",
    "alpha": r"\alpha",
    "beta": r"\beta",
    "separation": r"|\mu|/\sqrt{p}",
    "kappa": r"\kappa",
}
ROWS = {"speciation": r"speciation time $t_S$", "collapse": r"collapse time $t_C$"}
DRAWN = {"speciation": ("potential",), "collapse": ("n", "half")}
MEASURED = {"speciation": "potential", "collapse": "true"}  # criterion that the curve predicts
# Parameters on which no curve depends. t_C(n/2) depends on d through alpha - log(2) / d.
FREE = {"speciation": {"alpha"}, "collapse": set()}


def table(theory, measured=None):
    """Curves, and the measured times of data with the parameters that a panel holds fixed.

    Args:    theory - DataFrame of the theory tables: activation, varied, transition, criterion,
             d, alpha, beta, separation, kappa and time; measured - None, or DataFrame with
             activation, d, p, n, separation, kappa, isometric, transition, criterion, time, error.
    Returns: DataFrame with the columns of theory, low and high (one standard error of a measured
             time), and kind: theory or measured.
    """
    parts = [theory.assign(kind="theory")]
    if measured is not None:
        found = _as_theory(measured)
        panels = theory.groupby(["varied", "transition", "activation"], sort=False)
        for (varied, transition, name), lines in panels:
            own = (found["transition"] == transition) & (found["activation"] == name)
            matching = _matching(found[own], lines, {varied} | FREE[transition])
            parts.append(matching.assign(varied=varied, kind="measured"))
    return pd.concat(parts, ignore_index=True)


def _matching(found, lines, free):
    """The measured times of data with the parameters of a line."""
    point = lines.iloc[0]
    tied = np.allclose(lines["kappa"], lines["beta"])  # kappa = beta changes along beta
    same = np.isclose(found["kappa"], found["beta"] if tied else point["kappa"])
    for name in set(POINT) - {"kappa", *free}:
        same &= np.isclose(found[name], point[name])
    return found[same]


def _as_theory(measured):
    """Measured times with the columns of theory."""
    criterion = measured["transition"].map(MEASURED)
    found = measured[measured["criterion"] == criterion].copy()
    found["alpha"] = np.log(found["n"]) / found["d"]
    found["beta"] = found["p"] / found["d"]
    isometric = found["isometric"].astype(bool) & (found["activation"] == "linear")
    found["activation"] = found["activation"].mask(isometric, ISOMETRIC)
    error = found["error"].fillna(0.0)
    columns = ["activation", "transition", "criterion", *POINT, "time"]
    return found[columns].assign(low=found["time"] - error, high=found["time"] + error)


def draw(summary):
    """Speciation in the upper row and collapse in the lower row, along beta, alpha and separation.

    Args:    summary - see `table`.
    Returns: Figure.
    """
    names = list(dict.fromkeys(summary["activation"]))
    looks = dict(zip(names, _looks(), strict=False))
    with style.theme():
        figure, axes = style.grid(2, 3, height=3.4, sharey="row")
        panels = itertools.product(zip(ROWS, axes, strict=True), enumerate(VARIED))
        for letter, ((transition, row), (column, varied)) in zip("abcdef", panels, strict=True):
            panel = row[column]
            chosen = (summary["transition"] == transition) & (summary["varied"] == varied)
            for name, lines in summary[chosen].groupby("activation", sort=False):
                _curve(panel, varied, lines, transition, looks[name] | dict(label=_label(name)))
            if varied == "beta":
                style.log_axis(panel)
            panel.set_xlabel(AXES[varied])
            panel.set_title(f"({letter}) {transition}{_held(summary[chosen], varied, transition)}")
        for transition, row in zip(ROWS, axes, strict=True):
            row[0].set_ylabel(ROWS[transition])
            row[0].set_ylim(bottom=0)
        if (summary["kind"] == "measured").any():
            panel.plot([], [], "o", color="white", markeredgecolor="black", label="measured")
        style.shared_legend(figure, axes.flat, columns=4)
    return figure


def _looks():
    """Colour, dash and marker of every activation; each of the three distinguishes activations."""
    for k in itertools.count():
        colour, marker = COLOURS[k % len(COLOURS)], MARKERS[k % len(MARKERS)]
        yield dict(color=colour, linestyle=DASHES[k % len(DASHES)], marker=marker)


def _label(name):
    return NAMES.get(name, name)


def _curve(panel, varied, lines, transition, look):
    marker = look.pop("marker")
    theory = lines[(lines["kind"] == "theory") & lines["time"].notna()]
    main, *others = DRAWN[transition]
    drawn = theory[theory["criterion"] == main]
    if len(drawn):
        panel.plot(drawn[varied], drawn["time"], linewidth=1.5, **look)
    for other in others:
        edge = theory[theory["criterion"] == other]
        both = drawn.merge(edge, on=varied, suffixes=("", "_other"))
        panel.fill_between(
            both[varied],
            both["time"],
            both["time_other"],
            color=look["color"],
            alpha=0.2,
            linewidth=0,
        )
    found = lines[lines["kind"] == "measured"]
    if len(found):
        errors = [found["time"] - found["low"], found["high"] - found["time"]]
        panel.errorbar(
            found[varied],
            found["time"],
            yerr=errors,
            color=look["color"],
            marker=marker,
            linestyle="none",
            markersize=5,
            markeredgecolor="black",
            markeredgewidth=0.6,
            capsize=2,
        )


def _held(lines, varied, transition):
    """The fixed parameters of a panel, for its title."""
    theory = lines[lines["kind"] == "theory"].sort_values(  # isometric F has another kappa
        "activation", key=lambda names: names == ISOMETRIC, kind="stable"
    )
    parts = [
        f"${symbol}$ = {theory[name].iloc[0]:.3g}"
        for name, symbol in SYMBOLS.items()
        if name not in {varied} | FREE[transition]
    ]
    others = theory[theory["activation"] != ISOMETRIC]
    if varied == "beta" and len(others) and np.allclose(others["kappa"], others["beta"]):
        parts[-1] = r"$\kappa = \beta$"
    return "\n" + ", ".join(parts)

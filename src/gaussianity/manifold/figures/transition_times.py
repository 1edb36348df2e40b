"""Figure "transition_times": speciation and collapse times, in theory and measured."""

import itertools

import numpy as np
import pandas as pd

from gaussianity.drawing import style
from gaussianity.manifold.theory.collapse import isometric_time
from gaussianity.manifold.theory.curves import ISOMETRIC, ORTHONORMAL, POINT, VARIED

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
LETTERS = "abcdefghi"
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
ROWS = {
    "speciation": r"speciation time $t_S$",
    ORTHONORMAL: r"collapse time $t_C$",
    "collapse": r"collapse time $t_C$",
}
TITLES = {
    "speciation": "speciation",
    ORTHONORMAL: r"collapse, $\kappa = \beta$",
    "collapse": r"collapse, fixed $\kappa$",
}
DRAWN = {"speciation": ("potential",), ORTHONORMAL: ("n", "half"), "collapse": ("n", "half")}
CLOSED_FORM = "closed form"  # the paper's t_C of a linear manifold
MEASURED = {"speciation": "potential", "collapse": "true"}  # criterion that the curve predicts
# Parameters on which no curve depends, or that the title has already. t_C(n/2) depends on d
# through alpha - log(2) / d.
FREE = {"speciation": {"alpha"}, ORTHONORMAL: {"kappa"}, "collapse": set()}


def table(theory, measured=None):
    """Curves, and the measured times of data with the parameters that a panel holds fixed.

    Args:    theory - DataFrame of the theory tables: activation, varied, transition, criterion,
             d, alpha, beta, separation, kappa and time; measured - None, or DataFrame with
             activation, d, p, n, separation, kappa, isometric, transition, criterion, time, error.
    Returns: DataFrame with the columns of theory, low and high (one standard error of a measured
             time), and kind: theory, measured or CLOSED_FORM.
    """
    parts = [theory.assign(kind="theory"), closed_form(theory)]
    if measured is not None:
        found = _as_theory(measured)
        panels = theory.groupby(["varied", "transition", "activation"], sort=False)
        for (varied, transition, name), lines in panels:
            own = found["transition"] == ("collapse" if transition == ORTHONORMAL else transition)
            own &= found["activation"] == name
            matching = _matching(found[own], lines, {varied} | FREE[transition])
            parts.append(matching.assign(varied=varied, kind="measured"))
    return pd.concat(parts, ignore_index=True)


def closed_form(theory):
    """The paper's t_C of a linear manifold at the points of the curves with kappa = beta.

    t_C = 1/2 log(1 + 1 / (e^(2 alpha / beta) - 1)), for one class and p <= d.
    """
    known = (theory["transition"] == ORTHONORMAL) & (theory["criterion"] == "n")
    found = theory[known & (theory["beta"] <= 1)].drop_duplicates(["varied", *POINT])
    times = isometric_time(found["alpha"], found["beta"])
    return found.assign(activation=ISOMETRIC, time=times, kind=CLOSED_FORM)


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
    """A row of panels for speciation, and one for collapse with each normalisation of F, along
    beta, alpha and separation.

    Args:    summary - see `table`.
    Returns: Figure.
    """
    names = list(dict.fromkeys(summary["activation"]))
    looks = dict(zip(names, _looks(), strict=False))
    with style.theme():
        rows = [name for name in ROWS if name in rows_of(summary)]
        figure, axes = style.grid(len(rows), 3, height=3.4, sharey="row")
        panels = itertools.product(zip(rows, axes, strict=True), enumerate(VARIED))
        for letter, ((transition, row), (column, varied)) in zip(LETTERS, panels, strict=False):
            panel = row[column]
            chosen = (summary["transition"] == transition) & (summary["varied"] == varied)
            if transition == "collapse":  # of isometric F kappa is beta in every row
                chosen &= summary["activation"] != ISOMETRIC
            for name, lines in summary[chosen].groupby("activation", sort=False):
                _curve(panel, varied, lines, transition, looks[name] | dict(label=_label(name)))
            _closed_form(panel, varied, summary[chosen])
            if varied == "beta":
                style.log_axis(panel)
            panel.set_xlabel(AXES[varied])
            held = _held(summary[chosen], varied, transition)
            panel.set_title(f"({letter}) {TITLES[transition]}{held}")
        for transition, row in zip(rows, axes, strict=True):
            row[0].set_ylabel(ROWS[transition])
            row[0].set_ylim(bottom=0)
        if (summary["kind"] == "measured").any():
            panel.plot([], [], "o", color="white", markeredgecolor="black", label="measured")
        style.shared_legend(figure, axes.flat, columns=4)
    return figure


def rows_of(summary):
    """The transitions that have panels of their own: collapse with a kappa that is not beta where
    there is one."""
    found = set(summary["transition"])
    collapse = summary[(summary["transition"] == "collapse") & (summary["activation"] != ISOMETRIC)]
    return found - {"collapse"} if np.allclose(collapse["kappa"], collapse["beta"]) else found


def _closed_form(panel, varied, lines):
    found = lines[lines["kind"] == CLOSED_FORM].sort_values(varied)
    if len(found):
        label = r"$\frac{1}{2}\log(1 + 1/(e^{2\alpha/\beta} - 1))$"
        look = dict(color="black", linestyle=":", linewidth=2.2, zorder=4)
        panel.plot(found[varied], found["time"], label=label, **look)


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
    tied = varied == "beta" and transition != ORTHONORMAL and len(others)
    if tied and np.allclose(others["kappa"], others["beta"]):
        parts[-1] = r"$\kappa = \beta$"
    return "\n" + ", ".join(parts)

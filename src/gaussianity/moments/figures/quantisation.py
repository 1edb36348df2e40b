"""Figure "quantisation": effect of 8-bit storage on the eigenvalues of samples' covariance.

The papers' spectra are those of 8-bit images, whose smallest eigenvalues are not the model's.
"""

import numpy as np
from matplotlib.ticker import NullFormatter

from gaussianity.drawing import style
from gaussianity.moments.spectra import numerical_rank

KINDS = {  # in the order of the steps of storage
    "float32": dict(color=style.BLUE, linestyle="-", label="float32"),
    "clipped": dict(color=style.GREEN, linestyle="-.", label="clipped to 0 to 1"),
    "uint8": dict(color=style.VERMILION, linestyle="--", label="clipped and rounded: uint8"),
}


def draw(summary, image_class):
    """(a) the spectra and the floor, (b) the change of each eigenvalue.

    Args:    summary - see `stored_eigenvalues`; image_class - its name. Returns: Figure.
    """
    with style.theme():
        figure, axes = style.grid(1, 2, height=4.2)
        _spectra(axes[0, 0], summary)
        _changes(axes[0, 1], summary)
        for panel in axes[0]:
            panel.set_xscale("log")
            panel.set_yscale("log")
            for axis in (panel.xaxis, panel.yaxis):
                axis.set_minor_formatter(NullFormatter())
        outside = 100 * summary["outside"][0]
        axes[0, 0].set_title(
            f"(a) class {image_class}, {summary['images'][0]:,} images, {outside:.1f} % of pixels "
            "outside 0 to 1",
            fontsize=9,
        )
        style.shared_legend(figure, axes[0])
    return figure


def drawn(summary, name):
    """The rows whose eigenvalue of a kind lies within the numerical rank."""
    return summary[: numerical_rank(summary[name])]


def _spectra(panel, summary):
    for name, look in KINDS.items():
        line = drawn(summary, name)
        panel.plot(line["rank"], line[name], linewidth=1.6, **look)
    line = drawn(summary, "clipped")
    panel.plot(line["rank"], line["law"], ":", color="black", label="clipped, and the floor")
    low, high = summary["floor_low"][0], summary["floor_high"][0]
    label = "floor: errors uniform on one level"
    panel.axhspan(low, high, color="grey", alpha=0.25, linewidth=0, label=label)
    panel.set_xlabel("rank of the eigenvalue")
    panel.set_ylabel("eigenvalue of the covariance")


def _changes(panel, summary):
    whole, changes, shown = drawn(summary, "float32"), [0.5, 2], {}
    for name, marker in (("clipped", "+"), ("uint8", "o")):
        line = whole[whole["rank"] <= len(drawn(summary, name))]
        colour = KINDS[name]["color"]
        if not len(line):  # uint8, where all images are rounded to one image
            continue
        change = line[name] / line["float32"]
        (shown[KINDS[name]["label"]],) = panel.plot(
            line["float32"], change, marker, color=colour, markersize=6, markerfacecolor="none"
        )
        changes += [change.min(), change.max()]
    panel.set_xlim(_decades(whole["float32"]))
    panel.set_ylim(_decades(changes))
    panel.axhline(1, color="black", linewidth=0.8)
    panel.legend(shown.values(), shown.keys(), loc="upper right", fontsize=8)
    panel.set_xlabel("eigenvalue as float32")
    panel.set_ylabel("eigenvalue as stored / as float32")
    beyond = int((whole["float32"] < summary["floor_high"][0]).sum())
    panel.set_title(f"(b) {beyond:,} of {len(whole):,} eigenvalues are below the floor", fontsize=9)


def _decades(values):
    """The smallest range of whole decades with all values.

    >>> print(*_decades([0.03, 40.0]))
    0.01 100.0
    """
    return 10.0 ** np.floor(np.log10(np.min(values))), 10.0 ** np.ceil(np.log10(np.max(values)))

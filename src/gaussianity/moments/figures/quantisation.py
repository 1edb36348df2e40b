"""Figure "quantisation": what 8-bit storage does to the eigenvalues of samples' covariance.

Ours: the papers' spectra are those of 8-bit images, whose smallest eigenvalues are not the model's.
"""

import numpy as np
import pandas as pd
from matplotlib.ticker import NullFormatter

from gaussianity.drawing import style
from gaussianity.io.images import rows, to_network, to_uint8
from gaussianity.moments.spectra import covariance_eigenvalues, numerical_rank

LEVEL = 1 / 255  # of 8 bits, where white is 1
UNIFORM = LEVEL**2 / 12  # variance of an error uniform on one level
KINDS = {  # in the order in which storage changes the samples
    "float32": dict(color=style.BLUE, linestyle="-", label="float32"),
    "clipped": dict(color=style.GREEN, linestyle="-.", label="clipped to 0 to 1"),
    "uint8": dict(color=style.VERMILION, linestyle="--", label="clipped and rounded: uint8"),
}


def table(images):
    """Eigenvalues before and after storage, with the law of the error that the rounding adds.

    An error independent from pixel to pixel, of variance 1/12 of a level squared, has a sample
    covariance of n images whose non-zero eigenvalues lie between UNIFORM (1 -+ sqrt(d / (n - 1)))^2
    (Marchenko and Pastur, 1967), on average at UNIFORM max(1, d / (n - 1)): the floor. Clipped
    pixels are not rounded.

    Args:    images - float32 (n, C, H, W), black 0, white 1, unclipped.
    Returns: DataFrame with rank; float32, clipped and uint8 (eigenvalues, largest first, squared
             [0, 1] units); law (clipped and the floor's average over the pixels that are rounded);
             floor_low, floor_high; and the same in every row: images, outside (share of pixels that
             are clipped), error (mean squared error of the others, over UNIFORM), constant (share
             of pixels that are the same in all images as uint8).
    Raises:  ValueError - there are no two images that differ.
    """
    if not np.ptp(images, axis=0).any():
        raise ValueError(f"expected at least 2 images that differ, found {len(images)} equal ones")
    found = _stored(rows(images))
    n, d = found["uint8"].shape
    rounded = (found["float32"] > 0) & (found["float32"] < 1)
    errors = np.square(found["uint8"] - found["clipped"])[rounded]
    values = {name: covariance_eigenvalues([held], n) for name, held in found.items()}
    spread = d / (n - 1)
    return pd.DataFrame(
        dict(
            rank=np.arange(1, len(values["uint8"]) + 1),
            **values,
            law=values["clipped"] + UNIFORM * max(1, spread) * rounded.mean(),
            floor_low=UNIFORM * (1 - np.sqrt(spread)) ** 2,
            floor_high=UNIFORM * (1 + np.sqrt(spread)) ** 2,
            images=n,
            outside=1 - rounded.mean(),
            error=errors.mean() / UNIFORM if len(errors) else 0.0,
            constant=(np.ptp(found["uint8"], axis=0) == 0).mean(),
        )
    )


def _stored(samples):
    """The rows as they are, clipped, and as 8 bits give them back."""
    network = to_network(samples[:, None, None, :], np.float64)
    stored = rows(to_uint8(network))
    return dict(float32=samples, clipped=samples.clip(0, 1), uint8=stored)


def draw(summary, image_class):
    """(a) the spectra and the floor, (b) how far each eigenvalue was moved.

    Args:    summary - see `table`; image_class - its name. Returns: Figure.
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
        if not len(line):  # uint8, where every image is rounded to the same
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
    """Whole decades that hold the values."""
    return 10.0 ** np.floor(np.log10(np.min(values))), 10.0 ** np.ceil(np.log10(np.max(values)))

"""Figure "sampler_variance": variance and mean of generated images, and what the sampler alone does
to them."""

import numpy as np

from gaussianity.drawing import style
from gaussianity.sampling.sampler_variance import LARGEST_ERROR

SAMPLER, GENERATED = "exactly Gaussian images, this sampler", "generated images"


def draw(table):
    """(a) variance over that of the classes against the eigenvalue, (b) distance of the mean.

    Args:    table - see variance_table.table. Returns: Figure.
    """
    total, ranks = table.iloc[0], table.iloc[1:]
    with style.theme():
        figure, axes = style.grid(1, 2, height=3.6)
        variance, shift = axes[0]
        _lines(variance, ranks, "sampler", "generated")
        variance.axhline(1, color=style.BLACK, linewidth=0.8)
        band = 1 - LARGEST_ERROR, 1 + LARGEST_ERROR
        variance.axhspan(*band, color=style.LIGHT_GREY, alpha=0.4, linewidth=0)
        if np.nanmax(ranks[["sampler", "generated"]]) > 4:
            variance.set_yscale("log")
        variance.set_ylabel("variance over the classes'")
        variance.set_title(f"(a) variance; in all {_in_words(total)}", color=_colour(total))
        _lines(shift, ranks, "sampler_shift", "generated_shift")
        shift.set_ylim(bottom=0)
        shift.set_ylabel("distance of the mean / std")
        shift.set_title(f"(b) mean{_of_start(total)}")
        for panel in axes[0]:
            panel.set_xscale("log")
            panel.invert_xaxis()
            panel.set_xlabel("eigenvalue of the classes' covariance")
        style.shared_legend(figure, axes[0])
    return figure


def _lines(panel, ranks, sampler, generated):
    panel.plot(ranks["eigenvalue"], ranks[sampler], color=style.VERMILION, label=SAMPLER)
    if ranks[generated].notna().any():
        look = dict(color=style.BLUE, marker="o", markersize=3, linewidth=0.8)
        panel.plot(ranks["eigenvalue"], ranks[generated], label=GENERATED, **look)


def _in_words(total):
    """The total ratios, with a warning where the sampler's is large."""
    said = f"sampler {total['sampler'] - 1:+.1%}"
    if np.isfinite(total["generated"]):
        said += f", generated {total['generated'] - 1:+.1%}"
    return f"{said}\nThe sampler's is above {LARGEST_ERROR:.0%}" if _is_large(total) else said


def _of_start(total):
    """The start in closed form, and the bound on what it changes, in words."""
    if np.isnan(total["start_sigma"]):
        return ""
    sigma, bound = total["start_sigma"], total["start_bound"]
    return f"\nstart in closed form at σ = {sigma:.2g}, bound {bound:.2g}"


def _is_large(total):
    return abs(total["sampler"] - 1) > LARGEST_ERROR


def _colour(total):
    return style.VERMILION if _is_large(total) else style.BLACK

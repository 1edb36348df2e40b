"""Figure "linear_shrinkage": factors of a denoiser's linear fit against those of the covariance."""

import seaborn as sns

from gaussianity.drawing import style
from gaussianity.drawing.sentence import sentence


def draw(summary, reason):
    """Factor of the fit against that of the Wiener filter, a colour per noise level.

    Args:    summary - of `shrinkage_summary`; reason - of `reasons`. Returns: Figure.
    """
    if not len(summary):
        return sentence(f"The factors are left out. {reason}")
    levels = sorted(summary["sigma"].unique())
    with style.theme():
        figure, axes = style.grid(1, 2, height=4.4)
        linear, difference = axes[0]
        colours = sns.color_palette("viridis", len(levels))
        for sigma, colour in zip(levels, colours, strict=True):
            rows = summary[summary["sigma"] == sigma]
            look = dict(color=colour, marker="o", markersize=3, linewidth=1)
            linear.plot(rows["wiener"], rows["factor"], label=f"{sigma:g}", **look)
            difference.plot(rows["rank"], rows["factor"] - rows["wiener"], **look)
        linear.plot([0, 1], [0, 1], color="black", linewidth=0.8)
        linear.set_xlabel(r"factor of the covariance, $\lambda / (\lambda + \sigma^2)$")
        linear.set_ylabel(r"factor of the denoiser's fit, $u^T J u$")
        linear.set_title("(a) factors along the principal directions")
        linear.legend(title=r"noise level $\sigma$", fontsize=8, title_fontsize=8)
        difference.axhline(0, color="black", linewidth=0.8)
        difference.set_xlabel("principal direction")
        difference.set_ylabel("factor of the fit less that of the covariance")
        difference.set_title("(b) where the denoiser shrinks more (below 0) or less")
    return figure

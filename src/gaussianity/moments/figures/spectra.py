"""Figure "spectra": covariance eigenvalues per class, each source with its Gaussian data.

Figure 6 of Ghane et al. (2025), arXiv 2501.07741.
"""

from gaussianity.drawing import style
from gaussianity.moments.spectra import within_numerical_rank


def table(spectra):
    """The eigenvalues that are drawn: those within the numerical rank.

    Args:    spectra - DataFrame with image_class, origin, rank, eigenvalue and the power-law fit.
    Returns: DataFrame of the same columns.
    """
    return within_numerical_rank(spectra, ["image_class", "origin"])


def draw(spectra):
    """A panel per class with logarithmic axes; its title gives the exponents of the power law.

    Args:    spectra - see `table`. Returns: Figure.
    """
    classes = spectra["image_class"].unique()
    with style.theme():
        figure, axes = style.panels(len(classes), 5, height=2.3, sharex=True, sharey=True)
        for panel, image_class in zip(axes, classes, strict=True):
            chosen = spectra[spectra["image_class"] == image_class]
            lines(panel, chosen)
            panel.set_title(f"class {image_class}\n{_exponents(chosen)}", fontsize=9)
        figure.supxlabel("rank of the eigenvalue", fontsize=10)
        figure.supylabel("eigenvalue of the covariance", fontsize=10)
        style.shared_legend(figure, axes)
    return figure


def lines(panel, chosen):
    """Eigenvalues against rank for each origin, on logarithmic axes."""
    for origin, line in chosen.groupby("origin", sort=False):
        panel.plot(line["rank"], line["eigenvalue"], linewidth=1.6, **style.line_style(origin))
    panel.set_xscale("log")
    panel.set_yscale("log")


def _exponents(chosen):
    sources = chosen[~chosen["origin"].str.endswith("-gaussian")]
    fits = sources.groupby("origin", sort=False)["exponent"]
    return ", ".join(f"{origin}: $i^{{-{value:.1f}}}$" for origin, value in fits.first().items())

"""Figure "spectra": covariance eigenvalues per class, each source with its Gaussian data.

Figure 6 of Ghane et al. (2025), arXiv 2501.07741.
"""

from gaussianity.drawing import style
from gaussianity.moments.figures.class_panels import titled_panels
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
    chosen = dict(list(spectra.groupby("image_class", sort=False)))
    exponents = {image_class: _exponents(rows) for image_class, rows in chosen.items()}
    with style.theme():
        figure, axes = titled_panels(exponents, sharex=True, sharey=True)
        for panel, rows in zip(axes, chosen.values(), strict=True):
            lines(panel, rows)
        figure.supxlabel("rank of the eigenvalue of the covariance", fontsize=10)
        figure.supylabel("eigenvalue", fontsize=10)
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
    return [f"{origin}: $i^{{-{value:.1f}}}$" for origin, value in fits.first().items()]

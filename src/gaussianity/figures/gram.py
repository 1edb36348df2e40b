"""Figure "gram": eigenvalues of X X^T of the balanced mixture of each subset.

Figure 8 of Ghane et al. (2025), arXiv 2501.07741.
"""

from gaussianity.figures import style
from gaussianity.figures.spectra import drawable, lines


def table(eigenvalues):
    """The eigenvalues drawn: those above the numerical rank's threshold.

    Args:    eigenvalues - DataFrame with subset, origin, rank, eigenvalue.
    Returns: DataFrame of the same columns.
    """
    return drawable(eigenvalues, ["subset", "origin"])


def draw(eigenvalues):
    """A panel per subset, both axes logarithmic.

    Args:    eigenvalues - see `table`. Returns: Figure.
    """
    subsets = eigenvalues["subset"].unique()
    with style.theme():
        figure, axes = style.grid(1, len(subsets), height=3.4, sharey=True)
        for panel, subset in zip(axes[0], subsets, strict=True):
            lines(panel, eigenvalues[eigenvalues["subset"] == subset])
            panel.set_title(subset)
            panel.set_xlabel("rank of the eigenvalue")
        axes[0, 0].set_ylabel("eigenvalue of $X X^T$")
        style.shared_legend(figure, axes)
    return figure

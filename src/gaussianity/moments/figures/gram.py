"""Figure "gram": eigenvalues of X X^T of the balanced mixture of each subset.

Figure 8 of Ghane et al. (2025), arXiv 2501.07741.
"""

from gaussianity.drawing import style
from gaussianity.moments.figures.spectra import lines
from gaussianity.moments.spectra import within_numerical_rank


def table(eigenvalues):
    """The eigenvalues that are drawn: those within the numerical rank.

    Args:    eigenvalues - DataFrame with subset, origin, rank, eigenvalue.
    Returns: DataFrame of the same columns.
    """
    return within_numerical_rank(eigenvalues, ["subset", "origin"])


def draw(eigenvalues):
    """A panel per subset with logarithmic axes.

    Args:    eigenvalues - see `table`. Returns: Figure.
    """
    subsets = eigenvalues["subset"].unique()
    with style.theme():
        figure, axes = style.panels(len(subsets), 4, height=3.4, sharex=True, sharey=True)
        for panel, subset in zip(axes, subsets, strict=True):
            lines(panel, eigenvalues[eigenvalues["subset"] == subset])
            panel.set_title(subset)
        figure.supxlabel("rank of the eigenvalue", fontsize=10)
        figure.supylabel("eigenvalue of $X X^T$", fontsize=10)
        style.shared_legend(figure, axes)
    return figure

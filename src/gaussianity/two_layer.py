"""The two-layer classifier V relu(W x) + b, in the form of `linear.Linear`.

Source: the published code of Ghane et al. (2025), arXiv 2501.07741, class
TwoLayerMulticlassClassifier: no bias in the hidden layer, one in the output layer.
"""

from array_api_compat import array_namespace

from gaussianity.linear import outer_products, products
from gaussianity.streams import stream


class TwoLayer:
    """scores = V relu(W x) + b; parameters are W, V and b."""

    @staticmethod
    def start(d, outputs, *, hidden, study_seed, seed):
        """Torch's rule for both layers, uniform in +-1/sqrt(inputs of the layer).

        Returns: float64 W (hidden, d), V (outputs, hidden) and b (outputs, 1).
        """
        generator = stream(study_seed, "weights", seed)
        first, second = d**-0.5, hidden**-0.5
        return (
            generator.uniform(-first, first, (hidden, d)),
            generator.uniform(-second, second, (outputs, hidden)),
            generator.uniform(-second, second, (outputs, 1)),
        )

    @staticmethod
    def scores(parameters, rows):
        """Scores (..., outputs, rates, m), and the hidden units (..., rates, hidden, m)."""
        first, second, bias = parameters
        xp = array_namespace(rows)
        hidden = products(first, rows)  # (..., hidden, rates, m)
        hidden = _swapped(xp.where(hidden > 0, hidden, xp.zeros_like(hidden)))
        return _swapped(xp.matmul(_swapped(second), hidden)) + bias, hidden

    @staticmethod
    def gradient(parameters, rows, by_scores, hidden):
        """Gradient by the parameters, as `linear.Linear.gradient`."""
        xp = array_namespace(rows)
        by_scores = _swapped(by_scores)  # (sizes, rates, outputs, m)
        by_second = xp.matmul(by_scores, xp.matrix_transpose(hidden))
        by_bias = xp.sum(by_scores, axis=-1, keepdims=True)
        by_hidden = xp.matmul(xp.matrix_transpose(_swapped(parameters[1])), by_scores)
        by_hidden = by_hidden * xp.astype(hidden > 0, by_hidden.dtype)
        return outer_products(_swapped(by_hidden), rows), _swapped(by_second), _swapped(by_bias)


def _swapped(array):
    """Units and rates exchanged, so that a rate's layer is a matrix."""
    return array_namespace(array).moveaxis(array, -2, -3)

"""Linear and two-layer classifiers, for many training sizes and learning rates at once.

The parameters of a kind of classifier are a tuple of arrays (..., units, rates, inputs). The
training uses `start`, their values before training; `scores` of rows; `gradient` of a loss.
Rows are (m, d) if all classifiers have the same rows, and (sizes, m, d) if each training size has
its own. The sizes are then the batch of a matrix product, in which units and rates share the rows.
"""

from array_api_compat import array_namespace

from gaussianity.streams import stream


class Linear:
    """scores = W x, without bias."""

    @staticmethod
    def start(d, outputs, *, hidden, study_seed, seed):
        """Weights before training, float64 (outputs, d), in a tuple; `hidden` is not used."""
        return (initial_weights(d, outputs, study_seed=study_seed, seed=seed).T,)

    @staticmethod
    def scores(parameters, rows):
        """Scores (..., outputs, rates, m), and None, which `gradient` ignores."""
        return products(parameters[0], rows), None

    @staticmethod
    def gradient(parameters, rows, by_scores, between):
        """Gradient of a loss with respect to the parameters; `by_scores` is that to the scores."""
        return (outer_products(by_scores, rows),)


def initial_weights(d, outputs, *, study_seed, seed):
    """Uniform in +-1/sqrt(d), as a linear layer of torch: float64 (d, outputs)."""
    bound = d**-0.5
    return stream(study_seed, "weights", seed).uniform(-bound, bound, (d, outputs))


def products(weights, rows):
    """Inner products of weights (..., units, rates, d) with rows: (..., units, rates, m)."""
    xp = array_namespace(weights)
    flat = xp.reshape(weights, (*rows.shape[:-2], -1, rows.shape[-1]))
    found = xp.matmul(flat, xp.matrix_transpose(rows))
    return xp.reshape(found, (*weights.shape[:-1], -1))


def outer_products(factors, rows):
    """Sums of the m rows (sizes, m, d), weighted by factors (sizes, units, rates, m)."""
    xp = array_namespace(rows)
    flat = xp.reshape(factors, (factors.shape[0], -1, factors.shape[-1]))
    return xp.reshape(xp.matmul(flat, rows), (*factors.shape[:-1], -1))


class TwoLayer:
    """scores = V relu(W x) + b; parameters are W, V and b."""

    @staticmethod
    def start(d, outputs, *, hidden, study_seed, seed):
        """Uniform in +-1/sqrt(inputs of the layer), as the linear layers of torch.

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
        """Gradient with respect to the parameters, see `Linear.gradient`."""
        xp = array_namespace(rows)
        by_scores = _swapped(by_scores)  # (sizes, rates, outputs, m)
        by_second = xp.matmul(by_scores, xp.matrix_transpose(hidden))
        by_bias = xp.sum(by_scores, axis=-1, keepdims=True)
        by_hidden = xp.matmul(xp.matrix_transpose(_swapped(parameters[1])), by_scores)
        by_hidden = by_hidden * xp.astype(hidden > 0, by_hidden.dtype)
        return outer_products(_swapped(by_hidden), rows), _swapped(by_second), _swapped(by_bias)


def _swapped(array):
    """The array with units and rates exchanged, so that the layer of a rate is a matrix."""
    return array_namespace(array).moveaxis(array, -2, -3)

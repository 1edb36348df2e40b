"""The linear classifier without bias, W x, of many (training size, learning rate) at once.

What a kind of classifier offers to the training: parameters, a tuple of arrays (..., units, rates,
inputs); `start`, their values before training; `scores` of rows; `gradient` of a loss.
Rows are (m, d) where all the classifiers see them, (sizes, m, d) where each size has its own. The
sizes are the batch of a matrix product; units and rates share its rows.
"""

from array_api_compat import array_namespace

from gaussianity.streams import stream


class Linear:
    """scores = W x."""

    @staticmethod
    def start(d, outputs, *, hidden, study_seed, seed):
        """Weights before training, float64 (outputs, d), in a tuple; `hidden` is not used."""
        return (initial_weights(d, outputs, study_seed=study_seed, seed=seed).T,)

    @staticmethod
    def scores(parameters, rows):
        """Scores (..., outputs, rates, m), and what `gradient` asks for: nothing."""
        return products(parameters[0], rows), None

    @staticmethod
    def gradient(parameters, rows, by_scores, between):
        """Gradient by the parameters of a loss whose gradient by the scores is `by_scores`."""
        return (outer_products(by_scores, rows),)


def initial_weights(d, outputs, *, study_seed, seed):
    """Uniform in +-1/sqrt(d), torch's rule for a linear layer: float64 (d, outputs)."""
    bound = d**-0.5
    return stream(study_seed, "weights", seed).uniform(-bound, bound, (d, outputs))


def products(weights, rows):
    """Inner products of weights (..., units, rates, d) with rows: (..., units, rates, m)."""
    xp = array_namespace(weights)
    flat = xp.reshape(weights, (*rows.shape[:-2], -1, rows.shape[-1]))
    found = xp.matmul(flat, xp.matrix_transpose(rows))
    return xp.reshape(found, (*weights.shape[:-1], -1))


def outer_products(factors, rows):
    """Sums over the m rows (sizes, m, d) of factors (sizes, units, rates, m) times the row."""
    xp = array_namespace(rows)
    flat = xp.reshape(factors, (factors.shape[0], -1, factors.shape[-1]))
    return xp.reshape(xp.matmul(flat, rows), (*factors.shape[:-1], -1))


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

"""Losses of a classifier: value, gradient with respect to the logits, and prediction.

Logits are arrays (..., outputs, models, rows), and one-hot labels are arrays (..., classes, 1,
rows). The outputs precede the many models and rows, so that sums over them are fast. All arrays are
of one library of the array API standard: NumPy on a CPU, torch on a GPU.
"""

from array_api_compat import array_namespace

OUTPUTS = -3  # the axis of outputs and classes


def softmax(logits):
    """exp(logits), divided by their sum over the outputs."""
    xp = array_namespace(logits)
    exponentials = xp.exp(logits - xp.max(logits, axis=OUTPUTS, keepdims=True))
    return exponentials / xp.sum(exponentials, axis=OUTPUTS, keepdims=True)


def sigmoid(logits):
    """1 / (1 + exp(-logits)), computed by tanh, which does not overflow."""
    xp = array_namespace(logits)
    return (1 + xp.tanh(logits / 2)) / 2


class SoftmaxMSE:
    """Mean over classes of (softmax(logits) - one-hot)^2, the paper's loss for several classes."""

    @staticmethod
    def outputs(classes):
        return classes

    @staticmethod
    def value(logits, one_hot):
        xp = array_namespace(logits)
        return xp.mean((softmax(logits) - one_hot) ** 2, axis=OUTPUTS)

    @staticmethod
    def gradient(logits, one_hot):
        xp = array_namespace(logits)
        p = softmax(logits)
        error = p - one_hot
        inner = xp.sum(error * p, axis=OUTPUTS, keepdims=True)
        return 2 / logits.shape[OUTPUTS] * p * (error - inner)


class SigmoidMSE:
    """(sigmoid(logit) - label)^2 for one output, the paper's loss for two classes."""

    @staticmethod
    def outputs(classes):
        if classes != 2:
            raise ValueError(f"the sigmoid is for 2 classes, found {classes}")
        return 1

    @staticmethod
    def value(logits, one_hot):
        return ((sigmoid(logits) - one_hot[..., 1:, :, :]) ** 2)[..., 0, :, :]

    @staticmethod
    def gradient(logits, one_hot):
        p = sigmoid(logits)
        return 2 * (p - one_hot[..., 1:, :, :]) * p * (1 - p)


class CrossEntropy:
    """-log softmax(logits)[label]."""

    @staticmethod
    def outputs(classes):
        return classes

    @staticmethod
    def value(logits, one_hot):
        xp = array_namespace(logits)
        top = xp.max(logits, axis=OUTPUTS, keepdims=True)
        log_sum = xp.log(xp.sum(xp.exp(logits - top), axis=OUTPUTS)) + top[..., 0, :, :]
        return log_sum - xp.sum(logits * one_hot, axis=OUTPUTS)

    @staticmethod
    def gradient(logits, one_hot):
        return softmax(logits) - one_hot


def predictions(logits):
    """Predicted class (..., models, rows); with one output, class 1 where the logit is above 0."""
    xp = array_namespace(logits)
    if logits.shape[OUTPUTS] == 1:
        return xp.astype(logits[..., 0, :, :] > 0, xp.int64)
    return xp.argmax(logits, axis=OUTPUTS)


def iterative_loss(name, classes):
    """The loss of a name.

    "mse" is SigmoidMSE for two classes and SoftmaxMSE for more. "two_layer" is the cross-entropy:
    the name stands for a network that is trained on it.
    """
    if name == "mse":
        return SigmoidMSE if classes == 2 else SoftmaxMSE
    if name in ("cross_entropy", "two_layer"):
        return CrossEntropy
    raise ValueError(f"loss must be mse, cross_entropy or two_layer, found {name!r}")


LOSS_NAMES = {
    "mse": "mean squared error",
    "cross_entropy": "cross-entropy",
    "least_squares": "least squares",
    "two_layer": "two-layer network",
}

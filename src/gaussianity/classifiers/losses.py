"""Losses of a linear classifier: value, gradient by the logits, and prediction.

Logits and one-hot labels are arrays (..., outputs, models, rows) and (..., classes, 1, rows): the
outputs stand before the many models and rows, so that a sum over them runs along long stretches of
memory. Arrays are of any library of the array API standard (NumPy on a CPU, torch on a GPU).
"""

from array_api_compat import array_namespace

OUTPUTS = -3  # the axis of outputs and classes


def softmax(logits):
    """exp(logits) over their sum along the outputs."""
    xp = array_namespace(logits)
    exponentials = xp.exp(logits - xp.max(logits, axis=OUTPUTS, keepdims=True))
    return exponentials / xp.sum(exponentials, axis=OUTPUTS, keepdims=True)


def sigmoid(logits):
    """1 / (1 + exp(-logits)), by tanh so that it never overflows."""
    xp = array_namespace(logits)
    return (1 + xp.tanh(logits / 2)) / 2


class SoftmaxMSE:
    """Mean over classes of (softmax(logits) - one-hot)^2: the paper's multi-class loss."""

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
    """(sigmoid(logit) - label)^2 for two classes and one output: the paper's binary loss."""

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
    """Predicted class (..., models, rows); one output stands for two classes."""
    xp = array_namespace(logits)
    if logits.shape[OUTPUTS] == 1:
        return xp.astype(logits[..., 0, :, :] > 0, xp.int64)
    return xp.argmax(logits, axis=OUTPUTS)


def iterative_loss(name, classes):
    """The loss of a config name: "mse" is the sigmoid's for two classes, the softmax's for more;
    "two_layer" names a network, which is trained on the cross-entropy."""
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

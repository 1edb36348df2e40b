"""A small network that tells scores of images from Gaussian scores: two layers, ReLU, float32.

A ReLU unit looks at a half-space, and clipped pixels lie on the border of one. Kernels see them far
less. All parameters of a network are one vector, so that a step of Adam is a few operations on it.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import special

HIDDEN = 96
BATCH = 128  # images, and as many Gaussian rows
EPOCHS = 60
MOST_STEPS = 1000  # of more than 1,280 training images each is seen in fewer epochs
RATE = 0.04
DECAY = 0.3  # of the parameters, times the rate (decoupled)
FIRST, SECOND = 0.1, 0.001  # one minus the decay rates of Adam's two moments
CHECKS = 25  # times at which the validation rows are read


@dataclass(frozen=True)
class Network:
    """Parameters of x -> relu(x A + a) . b + c: A (k, hidden), a (hidden,), b (hidden,), c (1,)."""

    flat: np.ndarray
    inputs: int

    @property
    def layers(self):
        """A, a, b and c, as views of the flat vector."""
        k, flat = self.inputs, self.flat
        hidden = (len(flat) - 1) // (k + 2)
        first = flat[: k * hidden].reshape(k, hidden)
        return first, flat[k * hidden : -hidden - 1], flat[-hidden - 1 : -1], flat[-1:]

    def logits(self, rows):
        """Log-odds (n,) that rows (n, k) are images."""
        first, shifts, last, shift = self.layers
        return _hidden(rows.astype(np.float32, copy=False), first, shifts) @ last + shift

    def copy(self):
        return Network(self.flat.copy(), self.inputs)


def _hidden(rows, first, shifts):
    """Outputs (n, hidden) of the first layer."""
    hidden = rows @ first
    hidden += shifts
    return np.maximum(hidden, 0, out=hidden)


def initial(k, generator):
    """A network with normal weights, of variance 1 / inputs of their layer, and shifts 0."""
    network = Network(np.zeros(HIDDEN * (k + 2) + 1, np.float32), k)
    first, _, last, _ = network.layers
    first[:] = generator.standard_normal(first.shape, dtype=np.float32) / np.sqrt(k)
    last[:] = generator.standard_normal(HIDDEN, dtype=np.float32) / np.sqrt(HIDDEN)
    return network


def trained(images, gaussian, validation, generator):
    """The network of least validation loss on the way of Adam with a cosine rate.

    Args:    images - (n, k), float32; gaussian - (m, k), float32, from which each step draws rows;
             validation - (images (n', k), Gaussian rows (m', k)).
    Returns: (loss, Network), the loss per pair of an image and a Gaussian row.
    """
    size = min(BATCH, len(images))
    steps = min(EPOCHS * (len(images) // size), MOST_STEPS)
    network, best = initial(images.shape[1], generator), (np.inf, None)
    adam = Adam(network.flat, steps)
    gradient_of = partial(gradient, network, labels=np.repeat(np.float32([1, 0]), size))
    chosen = generator.integers(len(gaussian), size=(steps, size))
    for step, batch in enumerate(_batches(len(images), size, steps, generator), 1):
        adam.move(gradient_of(np.concatenate([images[batch], gaussian[chosen[step - 1]]])))
        if step % max(1, steps // CHECKS) == 0 or step == steps:
            loss = validation_loss(network, *validation)
            if loss < best[0]:
                best = (loss, network.copy())
    return best


def _batches(n, size, steps, generator):
    """The rows of each step: without replacement within an epoch, whose remainder is left out."""
    for step in range(steps):
        at = step % (n // size) * size
        if at == 0:
            order = generator.permutation(n)
        yield order[at : at + size]


def validation_loss(network, images, gaussian):
    """Mean logistic loss of images plus that of Gaussian rows."""
    losses = (np.logaddexp(0, -network.logits(images)), np.logaddexp(0, network.logits(gaussian)))
    return float(losses[0].mean(dtype=np.float64) + losses[1].mean(dtype=np.float64))


def gradient(network, rows, labels):
    """Gradient, a Network, of the mean logistic loss of rows (n, k); labels (n,), 1 for images."""
    first, shifts, last, shift = network.layers
    hidden = _hidden(rows, first, shifts)
    errors = (special.expit(hidden @ last + shift) - labels) / np.float32(len(rows))
    found = Network(np.empty_like(network.flat), network.inputs)
    of_first, of_shifts, of_last, of_shift = found.layers
    of_last[:], of_shift[:] = errors @ hidden, errors.sum()
    np.greater(hidden, 0, out=hidden)  # from here on the derivative with respect to the sums
    hidden *= last
    hidden *= errors[:, None]
    np.matmul(rows.T, hidden, out=of_first)
    of_shifts[:] = hidden.sum(axis=0)
    return found


class Adam:
    """Adam with decoupled decay and a rate that falls to 0 like a cosine; moves `values` in place.

    Source: Kingma and Ba, arXiv 1412.6980; Loshchilov and Hutter, arXiv 1711.05101.
    """

    def __init__(self, values, steps):
        self.values, self.steps, self.step = values, steps, 0
        self.first, self.second = np.zeros_like(values), np.zeros_like(values)

    def move(self, gradient):
        """One step along the gradient, a Network."""
        self.step += 1
        self.first += np.float32(FIRST) * (gradient.flat - self.first)
        self.second += np.float32(SECOND) * (gradient.flat**2 - self.second)
        rate = RATE / 2 * (1 + np.cos(np.pi * self.step / self.steps))
        root = np.sqrt(self.second)
        root *= np.float32(1 / np.sqrt(1 - (1 - SECOND) ** self.step))
        root += np.float32(1e-8)
        self.values *= np.float32(1 - rate * DECAY)
        self.values -= np.float32(rate / (1 - (1 - FIRST) ** self.step)) * self.first / root

"""Linear classifiers trained by SGD: all training sizes and learning rates as one tensor program.

Weights of every (training size, learning rate) stand together in one array (sizes, outputs * rates,
d): the sizes are the batch of a matrix product, the rates share its rows, and a size leaves the
batch when it has run its epochs. Arrays are of any library of the array API standard.

Source: the training of Ghane et al. (2025), arXiv 2501.07741: SGD without momentum, no bias, cosine
annealing; departure: epoch and learning rate are chosen on validation images unless asked
otherwise.
"""

from dataclasses import dataclass

import numpy as np
from array_api_compat import array_namespace
from array_api_compat import device as device_of

from gaussianity.losses import iterative_loss, predictions
from gaussianity.streams import stream

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class SGD:
    """How to train.

    learning_rates - all are tried; epochs - at most; batch_size - images per step;
    patience - epochs without improvement of any learning rate after which a training size stops,
    None for never; selection - what chooses epoch and learning rate: "validation", by the loss, or
    "test", by the accuracy, which is the paper's rule and flatters the result.
    """

    learning_rates: tuple
    epochs: int = 600
    batch_size: int = 64
    patience: int | None = None
    selection: str = "validation"


@dataclass(frozen=True)
class Problem:
    """What to learn: rows (n, d) in [0, 1] units and one-hot labels (n, classes) of one array
    library, a Split of the row indices, and the loss by its config name, see `iterative_loss`."""

    rows: object
    one_hot: object
    split: object
    loss: str


def sgd_classifiers(problem, sgd, *, study_seed, seed):
    """Train a linear classifier for each training size of a problem.

    Args:    problem - Problem; sgd - SGD; study_seed - of the study; seed - number of the
             repetition, which fixes initial weights and shuffling.
    Returns: one dict per training size, smallest first: train_size (per class), learning_rate,
             epochs (run), best_epoch, test_images, then loss and accuracy of each of PARTS.
    """
    run = _Run(problem, sgd, study_seed, seed)
    while run.active:
        run.step()
    return [run.result(size) for size in run.sizes]


def evaluate(problem, indices, weights):
    """Mean loss and accuracy on some rows of classifiers with different learning rates.

    Args:    indices - rows (m,); weights - (outputs, rates, d).
    Returns: two arrays (rates,).
    """
    xp = array_namespace(weights)
    outputs, rates, d = weights.shape
    flat = xp.reshape(weights, (outputs * rates, d))
    blocks = [indices[start : start + 8192] for start in range(0, len(indices), 8192)]
    logits = [xp.matmul(flat, xp.matrix_transpose(problem.rows[block])) for block in blocks]
    logits = xp.reshape(xp.concat(logits, axis=-1), (outputs, rates, -1))
    one_hot = xp.matrix_transpose(problem.one_hot[indices])[:, None, :]
    value = iterative_loss(problem.loss, one_hot.shape[0]).value(logits, one_hot)
    correct = predictions(logits) == xp.argmax(one_hot, axis=0)
    return xp.mean(value, axis=-1), xp.mean(xp.astype(correct, weights.dtype), axis=-1)


def initial_weights(d, outputs, *, study_seed, seed):
    """Uniform in +-1/sqrt(d), torch's rule for a linear layer: float64 (d, outputs)."""
    bound = d**-0.5
    return stream(study_seed, "weights", seed).uniform(-bound, bound, (d, outputs))


class _Size:
    """Progress of the classifiers of one training size."""

    def __init__(self, indices, generator, batch_size, rates):
        self.indices, self.generator = indices, generator
        self.epoch, self.best = 0, np.full(rates, np.inf)
        self.best_epoch = np.zeros(rates, dtype=int)
        self.best_weights = None
        # Batches are the rows of (steps, batch_size); what pads the last one has weight 0.
        self.steps = -(-len(indices) // batch_size)
        padding = self.steps * batch_size - len(indices)
        weights = np.pad(np.ones(len(indices)), (0, padding)).reshape(self.steps, batch_size)
        self.row_weights = weights / weights.sum(axis=1, keepdims=True)
        self._shuffle()

    def _shuffle(self):
        order = self.generator.permutation(self.indices)
        padding = self.row_weights.size - len(order)
        self.order = np.pad(order, (0, padding)).reshape(self.row_weights.shape)
        self.position = 0

    @property
    def at_epoch_end(self):
        return self.position == self.steps

    def next_epoch(self):
        self.epoch += 1
        self._shuffle()


class _Run:
    def __init__(self, problem, sgd, study_seed, seed):
        self.problem, self.sgd = problem, sgd
        self.xp = array_namespace(problem.rows)
        self.sizes = sorted(problem.split.train)
        classes, rates = problem.one_hot.shape[-1], len(sgd.learning_rates)
        self.loss = iterative_loss(problem.loss, classes)
        self.outputs = self.loss.outputs(classes)
        shuffles = {n: stream(study_seed, "shuffle", seed, n) for n in self.sizes}
        self.state = {
            n: _Size(problem.split.train[n], shuffles[n], sgd.batch_size, rates) for n in self.sizes
        }
        self.active = list(self.sizes)
        d = problem.rows.shape[1]
        start = initial_weights(d, self.outputs, study_seed=study_seed, seed=seed)
        every_rate = np.repeat(start.T, rates, axis=0)  # (outputs * rates, d)
        self.weights = self._array(np.tile(every_rate, (len(self.sizes), 1, 1)))
        self.selecting = self._index(getattr(problem.split, sgd.selection))
        self._anneal()

    def _array(self, values):
        rows = self.problem.rows
        return self.xp.asarray(values, dtype=rows.dtype, device=device_of(rows))

    def _index(self, values):
        return self.xp.asarray(values, dtype=self.xp.int64, device=device_of(self.problem.rows))

    def _anneal(self):
        """Learning rates of the active sizes' epochs: (active, outputs * rates, 1)."""
        epochs = np.array([self.state[n].epoch for n in self.active])
        cosine = 0.5 * (1 + np.cos(np.pi * epochs / self.sgd.epochs))
        rates = np.tile(self.sgd.learning_rates, self.outputs)
        self.rates = self._array((cosine[:, None] * rates)[:, :, None])

    def step(self):
        """One SGD step of every active size and rate, then the ends of epochs."""
        xp, states = self.xp, [self.state[n] for n in self.active]
        indices = self._index(np.stack([s.order[s.position] for s in states]))
        row_weights = self._array(np.stack([s.row_weights[s.position] for s in states]))
        rows = self.problem.rows[indices]  # (active, batch, d)
        one_hot = xp.matrix_transpose(self.problem.one_hot[indices])[:, :, None, :]
        logits = xp.matmul(self.weights, xp.matrix_transpose(rows))
        shape = (len(states), self.outputs, -1, logits.shape[-1])  # (active, outputs, rates, batch)
        gradient = self.loss.gradient(xp.reshape(logits, shape), one_hot)
        gradient = xp.reshape(gradient * row_weights[:, None, None, :], logits.shape)
        self.weights -= self.rates * xp.matmul(gradient, rows)
        for state in states:
            state.position += 1
        ended = [n for n in self.active if self.state[n].at_epoch_end]
        if ended:
            self._drop([n for n in ended if self._end_epoch(n)])

    def _end_epoch(self, n):
        """Keep what is best so far; True when the size has nothing more to run."""
        state = self.state[n]
        state.next_epoch()
        weights = self.weights[self.active.index(n)]
        weights = self.xp.reshape(weights, (self.outputs, -1, weights.shape[-1]))
        loss, accuracy = evaluate(self.problem, self.selecting, weights)
        by_accuracy = self.sgd.selection == "test"  # the paper reports the best test accuracy
        error = np.asarray((1 - accuracy if by_accuracy else loss).tolist())
        better = error < state.best
        if state.best_weights is None:
            state.best_weights = self.xp.asarray(weights, copy=True)
        for rate in np.flatnonzero(better).tolist():
            state.best_weights[:, rate, :] = weights[:, rate, :]
        state.best = np.where(better, error, state.best)
        state.best_epoch = np.where(better, state.epoch, state.best_epoch)
        patience = self.sgd.patience
        waited = patience is not None and (state.epoch - state.best_epoch >= patience).all()
        return state.epoch >= self.sgd.epochs or bool(waited)

    def _drop(self, finished):
        if finished:
            kept = [i for i, n in enumerate(self.active) if n not in finished]
            self.weights = self.weights[self._index(kept)]
            self.active = [self.active[i] for i in kept]
        if self.active:
            self._anneal()

    def result(self, n):
        """The row of one training size: its best learning rate, on all parts."""
        state, split = self.state[n], self.problem.split
        rate = int(np.argmin(state.best))
        weights = state.best_weights[:, rate : rate + 1, :]
        row = dict(
            train_size=n,
            learning_rate=float(self.sgd.learning_rates[rate]),
            epochs=state.epoch,
            best_epoch=int(state.best_epoch[rate]),
            test_images=len(split.test),
        )
        parts = dict(train=split.train[n], validation=split.validation, test=split.test)
        for part in PARTS:
            loss, accuracy = evaluate(self.problem, self._index(parts[part]), weights)
            row[f"{part}_loss"], row[f"{part}_accuracy"] = float(loss[0]), float(accuracy[0])
        return row

"""Linear classifiers trained by SGD: all training sizes and learning rates as one tensor program.

Weights of every (training size, learning rate) stand side by side in one array (sizes, d, rates *
outputs): the sizes are the batch of a matrix product, the rates share its columns, and a size
leaves the batch when it has run its epochs. Arrays are of any library of the array API standard.

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
    patience - epochs without a lower loss on the selecting part after which a learning rate stops,
    None for never; selection - part that chooses epoch and rate, "validation" or the paper's
    "test".
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
             epochs (run), best_epoch, then loss and accuracy of each of PARTS.
    """
    run = _Run(problem, sgd, study_seed, seed)
    while run.active:
        run.step()
    return [run.result(size) for size in run.sizes]


def evaluate(problem, indices, weights):
    """Mean loss and accuracy on some rows of every classifier in a column block.

    Args:    indices - rows (m,); weights - (d, rates, outputs).
    Returns: two arrays (rates,).
    """
    xp = array_namespace(weights)
    d, rates, outputs = weights.shape
    logits = xp.matmul(problem.rows[indices], xp.reshape(weights, (d, rates * outputs)))
    logits = xp.reshape(logits, (-1, rates, outputs))
    one_hot = problem.one_hot[indices]
    value = iterative_loss(problem.loss, one_hot.shape[-1]).value(logits, one_hot[:, None, :])
    correct = predictions(logits) == xp.argmax(one_hot, axis=-1)[:, None]
    return xp.mean(value, axis=0), xp.mean(xp.astype(correct, weights.dtype), axis=0)


def initial_weights(d, outputs, *, study_seed, seed):
    """Uniform in +-1/sqrt(d), torch's rule for a linear layer: float64 (d, outputs)."""
    bound = d**-0.5
    return stream(study_seed, "weights", seed).uniform(-bound, bound, (d, outputs))


class _Size:
    """Progress of the classifiers of one training size."""

    def __init__(self, indices, generator, batch_size, rates):
        self.indices, self.generator, self.batch_size = indices, generator, batch_size
        self.epoch = self.position = 0
        self.best = np.full(rates, np.inf)
        self.best_epoch = np.zeros(rates, dtype=int)
        self.best_weights = None
        self.order = generator.permutation(indices)

    def batch(self):
        """The next row indices (batch_size,) and their weights; a short batch is padded by 0."""
        rows = self.order[self.position : self.position + self.batch_size]
        self.position += self.batch_size
        weights = np.zeros(self.batch_size)
        weights[: len(rows)] = 1 / len(rows)
        return np.pad(rows, (0, self.batch_size - len(rows))), weights

    @property
    def at_epoch_end(self):
        return self.position >= len(self.order)

    def next_epoch(self):
        self.epoch += 1
        self.position = 0
        self.order = self.generator.permutation(self.indices)


class _Run:
    def __init__(self, problem, sgd, study_seed, seed):
        self.problem, self.sgd = problem, sgd
        self.xp = array_namespace(problem.rows)
        self.sizes = sorted(problem.split.train)
        classes, rates = problem.one_hot.shape[-1], len(sgd.learning_rates)
        self.loss = iterative_loss(problem.loss, classes)
        self.outputs = self.loss.outputs(classes)
        self.state = {
            n: _Size(
                problem.split.train[n],
                stream(study_seed, "shuffle", seed, n),
                sgd.batch_size,
                rates,
            )
            for n in self.sizes
        }
        self.active = list(self.sizes)
        start = initial_weights(
            problem.rows.shape[1], self.outputs, study_seed=study_seed, seed=seed
        )
        self.weights = self._array(np.tile(start, (len(self.sizes), 1, rates)))
        self.selecting = self._index(getattr(problem.split, sgd.selection))
        self._rates()

    def _array(self, values):
        return self.xp.asarray(
            values, dtype=self.problem.rows.dtype, device=device_of(self.problem.rows)
        )

    def _index(self, values):
        return self.xp.asarray(values, dtype=self.xp.int64, device=device_of(self.problem.rows))

    def _rates(self):
        """Annealed learning rates of the active sizes' columns: (active, 1, rates * outputs)."""
        rates = np.repeat(self.sgd.learning_rates, self.outputs)
        annealed = [
            rates * 0.5 * (1 + np.cos(np.pi * self.state[n].epoch / self.sgd.epochs))
            for n in self.active
        ]
        self.rates = self._array(np.stack(annealed)[:, None, :])

    def step(self):
        """One SGD step of every active size and rate, then the ends of epochs."""
        xp, batches = self.xp, [self.state[n].batch() for n in self.active]
        indices = self._index(np.stack([rows for rows, _ in batches]))
        row_weights = self._array(np.stack([w for _, w in batches]))
        rows = self.problem.rows[indices]  # (active, batch, d)
        one_hot = self.problem.one_hot[indices][:, :, None, :]  # (active, batch, 1, classes)
        logits = xp.matmul(rows, self.weights)
        shape = (*logits.shape[:2], -1, self.outputs)  # (active, batch, rates, outputs)
        gradient = self.loss.gradient(xp.reshape(logits, shape), one_hot)
        gradient = xp.reshape(gradient, logits.shape) * row_weights[:, :, None]
        self.weights -= self.rates * xp.matmul(xp.matrix_transpose(rows), gradient)
        ended = [n for n in self.active if self.state[n].at_epoch_end]
        if ended:
            finished = [n for n in ended if self._end_epoch(n)]
            self._drop(finished)

    def _end_epoch(self, n):
        """Keep what is best so far; True when the size has nothing more to run."""
        state = self.state[n]
        state.next_epoch()
        columns = self._columns(self.weights[self.active.index(n)])
        loss, _ = evaluate(self.problem, self.selecting, columns)
        loss = np.asarray(loss.tolist())
        better = loss < state.best
        if state.best_weights is None:
            state.best_weights = self.xp.asarray(columns, copy=True)
        for rate in np.flatnonzero(better):
            state.best_weights[:, int(rate), :] = columns[:, int(rate), :]
        state.best = np.where(better, loss, state.best)
        state.best_epoch = np.where(better, state.epoch, state.best_epoch)
        patience = self.sgd.patience
        waited = patience is not None and (state.epoch - state.best_epoch >= patience).all()
        return state.epoch >= self.sgd.epochs or bool(waited)

    def _columns(self, weights):
        """(d, rates * outputs) as (d, rates, outputs)."""
        return self.xp.reshape(weights, (weights.shape[0], -1, self.outputs))

    def _drop(self, finished):
        if finished:
            kept = [i for i, n in enumerate(self.active) if n not in finished]
            self.weights = self.weights[self._index(kept)]
            self.active = [self.active[i] for i in kept]
        if self.active:
            self._rates()

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
        )
        parts = dict(train=split.train[n], validation=split.validation, test=split.test)
        for part in PARTS:
            loss, accuracy = evaluate(self.problem, self._index(parts[part]), weights)
            row[f"{part}_loss"], row[f"{part}_accuracy"] = float(loss[0]), float(accuracy[0])
        return row

"""Classifiers trained by SGD, for all training sizes and learning rates at once.

The parameters are arrays (sizes, units, rates, inputs). The sizes are the batch of a matrix
product, in which the rates share the rows. A size leaves the batch after its last epoch. Arrays are
of any library of the array API standard.

An epoch of few images has few steps. A small size therefore runs more epochs, and the selecting
images are read after every so many of them, so that no size reads them more than `epochs` times.

Source: Ghane et al. (2025), arXiv 2501.07741, train by SGD with cosine annealing, without momentum
and bias. They choose epoch and learning rate on test images. Here validation images choose them,
unless the selection is "test".
"""

from dataclasses import dataclass, replace

import numpy as np
from array_api_compat import array_namespace
from array_api_compat import device as device_of

from gaussianity.arguments import require_whole
from gaussianity.classifiers.arguments import require_problem, require_sgd
from gaussianity.classifiers.losses import iterative_loss, predictions
from gaussianity.classifiers.models import Linear, TwoLayer
from gaussianity.errors import InputError
from gaussianity.streams import stream

PARTS = ("train", "validation")


@dataclass(frozen=True)
class SGD:
    """Settings of the training.

    learning_rates - all are tried; epochs - number for a training size whose epochs have at least
    min_steps in all; min_steps - a smaller training size runs the epochs that reach it; batch_size
    - images per step; patience - a training size stops after this number of evaluations in which no
    learning rate improves, None for never; selection - the images that choose epoch and learning
    rate: "validation", by the loss, or "test", by the accuracy, as in the paper, which makes the
    result too good.
    """

    learning_rates: tuple
    epochs: int
    batch_size: int = 64
    patience: int | None = None
    selection: str = "validation"
    min_steps: int = 1

    def __post_init__(self):
        require_sgd(self)

    def schedule(self, steps):
        """Epochs of training sizes, and after how many of them the selecting images are read.

        Args:    steps - per epoch, int array (sizes,).
        Returns: two int arrays (sizes,); (epochs, 1) where epochs * steps reaches min_steps.
        >>> SGD((1.0,), epochs=40, min_steps=600).schedule(np.array([1, 20]))
        (array([600,  40]), array([15,  1]))
        """
        epochs = np.maximum(self.epochs, -(-self.min_steps // steps))
        return epochs, -(-epochs // self.epochs)


@dataclass(frozen=True)
class Problem:
    """The data and the loss of a training.

    rows (n, d) in [0, 1] units and one_hot (n, classes), of one array library; split - Split of the
    row indices; loss - a name, see `iterative_loss`; hidden - number of hidden units of a TwoLayer
    network, which the loss "two_layer" trains. The other losses train a Linear classifier.
    """

    rows: object
    one_hot: object
    split: object
    loss: str
    hidden: int | None = None

    @property
    def model(self):
        """The kind of classifier, Linear or TwoLayer."""
        return TwoLayer if self.loss == "two_layer" else Linear


def sgd_classifiers(problem, sgd, *, study_seed, seed):
    """Train a classifier for each training size of a problem.

    Args:    problem - Problem; sgd - SGD; study_seed - of the study; seed - of the repetition,
             which determines initial weights and shuffling.
    Returns: list of dicts, one per training size, smallest first: train_size (per class),
             learning_rate, rate_at_edge (bool: it is the smallest or largest of several), epochs
             (that were run), best_epoch, loss and accuracy of each of PARTS, and parameters, a
             tuple of NumPy arrays (units, inputs).
    Raises:  InputError - an argument that does not fit, or all learning rates diverge for a
             training size.
    """
    _check(problem, sgd)
    require_whole(0, study_seed=study_seed, seed=seed)
    run = _Run(problem, sgd, study_seed, seed)
    with np.errstate(over="ignore", invalid="ignore"):  # a rate that diverges is not chosen
        while run.active.size:
            run.step()
    return [run.result(number) for number in range(len(run.sizes))]


def _check(problem, sgd):
    """InputError where a training cannot start."""
    for name, value, expected in (("problem", problem, Problem), ("sgd", sgd, SGD)):
        if not isinstance(value, expected):
            raise InputError(f"{name}: expected {expected.__name__}, found {type(value).__name__}")
    require_problem(problem.rows, problem.one_hot, problem.split)
    if problem.loss == "two_layer":
        require_whole(hidden=problem.hidden)
    if not len(getattr(problem.split, sgd.selection)):
        raise InputError(f"split: expected {sgd.selection} images, which choose the epoch, found 0")


def evaluate(problem, parameters, indices=None):
    """Mean loss and accuracy of many classifiers.

    Args:    parameters - of the problem's model, a tuple of arrays (..., units, rates, inputs);
             indices - of the rows (m,), None for all rows.
    Returns: two arrays (..., rates).
    """
    xp = array_namespace(problem.rows)
    count = problem.rows.shape[0] if indices is None else len(indices)
    blocks = [slice(start, start + 8192) for start in range(0, count, 8192)]
    if indices is not None:
        blocks = [indices[block] for block in blocks]
    logits = [problem.model.scores(parameters, problem.rows[block])[0] for block in blocks]
    logits = xp.concat(logits, axis=-1)
    one_hot = problem.one_hot if indices is None else problem.one_hot[indices]
    one_hot = xp.matrix_transpose(one_hot)[:, None, :]
    value = iterative_loss(problem.loss, one_hot.shape[0]).value(logits, one_hot)
    correct = predictions(logits) == xp.argmax(one_hot, axis=0)
    return xp.mean(value, axis=-1), xp.mean(xp.astype(correct, logits.dtype), axis=-1)


class _Size:
    """Progress of the classifiers of one training size."""

    def __init__(self, indices, generator, order, rates):
        self.indices, self.generator, self.order = indices, generator, order
        self.epoch, self.best = 0, np.full(rates, np.inf)
        self.best_epoch = np.zeros(rates, dtype=int)
        self.best_parameters = None
        self._shuffle()

    def _shuffle(self):
        self.order[: len(self.indices)] = self.generator.permutation(self.indices)

    def next_epoch(self):
        self.epoch += 1
        self._shuffle()


def _batches(counts, batch_size):
    """Steps per epoch (sizes,), and row numbers and row weights (sizes, most steps, batch_size).

    The row numbers are filled in by the shuffling. Row 0 with weight 0 completes the last batch of
    a size.

    Args:    counts - number of training rows of each size.
    """
    steps = -(-np.asarray(counts) // batch_size)
    weights = np.zeros((len(counts), steps.max(), batch_size))
    for size, count in zip(weights, counts, strict=True):
        size.reshape(-1)[:count] = 1
    totals = weights.sum(axis=2, keepdims=True)
    return steps, np.zeros(weights.shape, dtype=np.int64), weights / np.maximum(totals, 1)


class _Run:
    """State of the training of all sizes and rates: `step` until no size is active."""

    def __init__(self, problem, sgd, study_seed, seed):
        self.problem, self.sgd = problem, sgd
        self.xp = array_namespace(problem.rows)
        self.sizes = sorted(problem.split.train)
        classes, rates = problem.one_hot.shape[-1], len(sgd.learning_rates)
        self.loss = iterative_loss(problem.loss, classes)
        self.model = problem.model
        trains = [problem.split.train[n] for n in self.sizes]
        counts = [len(train) for train in trains]
        self.steps, self.order, self.row_weights = _batches(counts, sgd.batch_size)
        self.epochs, self.every = sgd.schedule(self.steps)
        self.position = np.zeros(len(self.sizes), dtype=int)  # steps done in the epoch
        self.active = np.arange(len(self.sizes))  # indices of self.sizes that still run
        self.state = [
            _Size(train, stream(study_seed, "shuffle", seed, n), order.reshape(-1), rates)
            for n, train, order in zip(self.sizes, trains, self.order, strict=True)
        ]
        start = self.model.start(
            problem.rows.shape[1],
            self.loss.outputs(classes),
            hidden=problem.hidden,
            study_seed=study_seed,
            seed=seed,
        )
        every = (len(self.sizes), 1, rates, 1)  # of a size and rate, the same start
        self.parameters = [self._array(np.tile(part[:, None, :], every)) for part in start]
        chosen = self._index(getattr(problem.split, sgd.selection))
        self.selecting = replace(
            problem, rows=problem.rows[chosen], one_hot=problem.one_hot[chosen]
        )
        self._anneal()

    def _array(self, values):
        rows = self.problem.rows
        return self.xp.asarray(values, dtype=rows.dtype, device=device_of(rows))

    def _index(self, values):
        return self.xp.asarray(values, dtype=self.xp.int64, device=device_of(self.problem.rows))

    def _anneal(self):
        """Learning rates of the active sizes in their epochs: (active, 1, rates, 1)."""
        epochs = np.array([self.state[i].epoch for i in self.active])
        cosine = 0.5 * (1 + np.cos(np.pi * epochs / self.epochs[self.active]))
        rates = cosine[:, None] * np.asarray(self.sgd.learning_rates)
        self.rates = self._array(rates[:, None, :, None])

    def step(self):
        """One SGD step of every active size and rate; then end the epochs that are complete."""
        xp, active = self.xp, self.active
        position = self.position[active]
        indices = self._index(self.order[active, position])
        row_weights = self._array(self.row_weights[active, position])
        rows = self.problem.rows[indices]  # (active, batch, d)
        one_hot = xp.matrix_transpose(self.problem.one_hot[indices])[:, :, None, :]
        logits, between = self.model.scores(
            self.parameters, rows
        )  # (active, outputs, rates, batch)
        by_logits = self.loss.gradient(logits, one_hot) * row_weights[:, None, None, :]
        gradient = self.model.gradient(self.parameters, rows, by_logits, between)
        for part, by_part in zip(self.parameters, gradient, strict=True):
            part -= self.rates * by_part
        self.position[active] = position + 1
        ended = np.flatnonzero(position + 1 == self.steps[active])
        if ended.size:
            self._end_epochs(ended)

    def _end_epochs(self, ended):
        """Start the next epoch of some active sizes; drop the sizes that are finished.

        Args:    ended - positions in the active sizes.
        """
        for number in self.active[ended]:
            self.state[number].next_epoch()
        self.position[self.active[ended]] = 0
        due = [i for i in ended if self._is_due(self.active[i])]
        finished = self._select(due) if due else []
        if finished:
            kept = np.delete(np.arange(len(self.active)), finished)
            self.parameters = [part[self._index(kept)] for part in self.parameters]
            self.active = self.active[kept]
        if self.active.size:
            self._anneal()

    def _is_due(self, number):
        """Are the selecting images read after this epoch of a size? bool"""
        epoch = self.state[number].epoch
        return epoch % self.every[number] == 0 or epoch == self.epochs[number]

    def _select(self, due):
        """Keep the best parameters of some active sizes; list of those that are finished.

        The selecting rows are the largest array, so that all sizes read it at once.
        """
        parameters = [part[self._index(due)] for part in self.parameters]
        loss, accuracy = evaluate(self.selecting, parameters)
        by_accuracy = self.sgd.selection == "test"  # the paper reports the best test accuracy
        errors = np.asarray((1 - accuracy if by_accuracy else loss).tolist())
        return [
            position
            for i, position in enumerate(due)
            if self._keep_best(
                self.active[position], [part[i, ...] for part in parameters], errors[i]
            )
        ]

    def _keep_best(self, number, parameters, error):
        """Keep the parameters of the rates that improved since a size's last evaluation.

        Args:    number - of the size; parameters - tuple of (units, rates, inputs); error -
                 (rates,).
        Returns: bool, True where the size is finished.
        """
        state = self.state[number]
        better = error < state.best
        if state.best_parameters is None:
            state.best_parameters = [self.xp.asarray(part, copy=True) for part in parameters]
        for rate in np.flatnonzero(better).tolist():
            for best, part in zip(state.best_parameters, parameters, strict=True):
                best[:, rate, :] = part[:, rate, :]
        state.best = np.where(better, error, state.best)
        state.best_epoch = np.where(better, state.epoch, state.best_epoch)
        patience, waited = self.sgd.patience, state.epoch - state.best_epoch
        stops = patience is not None and (waited >= patience * self.every[number]).all()
        return state.epoch == self.epochs[number] or bool(stops)

    def result(self, number):
        """The result of one training size: its best learning rate, evaluated on PARTS."""
        n, state, split = self.sizes[number], self.state[number], self.problem.split
        rates, rate = self.sgd.learning_rates, int(np.argmin(state.best))
        if not np.isfinite(state.best[rate]):
            raise InputError(
                f"learning_rates must hold one for which {self.problem.loss} "
                f"converges at {n} images per class, found {list(rates)}, whose "
                "losses are all infinite; add a smaller one"
            )
        parameters = [part[:, rate : rate + 1, :] for part in state.best_parameters]
        row = dict(
            train_size=n,
            learning_rate=float(rates[rate]),
            rate_at_edge=len(rates) > 1 and rates[rate] in (min(rates), max(rates)),
            epochs=state.epoch,
            best_epoch=int(state.best_epoch[rate]),
        )
        parts = dict(train=split.train[n], validation=split.validation)
        for part in PARTS:
            loss, accuracy = evaluate(self.problem, parameters, self._index(parts[part]))
            row[f"{part}_loss"], row[f"{part}_accuracy"] = float(loss[0]), float(accuracy[0])
        row["parameters"] = tuple(
            part if isinstance(part, np.ndarray) else part.cpu().numpy()
            for part in (values[:, 0, :] for values in parameters)
        )
        return row

"""Trials of learning the subspaces of a mixture of low-rank Gaussians from N samples of each.

As in figures 4 and 8 of Wang et al. (2024), arXiv 2409.02426, the K subspaces have d dimensions and
are orthogonal to each other. By theorems 2 and 4 learning fails for N < d and succeeds from N = d
on, up to the noise.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import torch

from gaussianity.denoisers.low_rank import padded
from gaussianity.molrg.clustering import (
    KSubspaces,
    OrthogonalSubspaces,
    best_clustering,
    nearest_subspaces,
    principal_bases,
    spectral_labels,
    subspace_distances,
    used_columns,
)
from gaussianity.molrg.descent import STARTS, Descent, learn
from gaussianity.molrg.mixture import random_bases, random_rows
from gaussianity.streams import stream

DATA, START, DESCENT = range(3)  # random numbers of a trial, each from a stream of its own


@dataclass(frozen=True)
class Design:
    """Cells of a map and settings of the algorithms.

    ambient_dimension - n; dimensions - d of the cells; samples - N of the cells, from each
    subspace; trials - of each cell; restarts - of clustering, after the spectral start; steps,
    learning_rate - of descent; start - of descent, a key of STARTS. None stands for what a method
    does not use.
    """

    ambient_dimension: int
    dimensions: tuple
    samples: tuple
    trials: int
    restarts: int | None = None
    steps: int | None = None
    learning_rate: float | None = None
    start: str | None = None


@dataclass(frozen=True)
class Trials:
    """All trials of one N and every d.

    rows - (trials, K N, n), float64; truth - bases (trials, K, n, d), with columns of zeros for
    trials of fewer dimensions; cells - (d, number of the trial) of each trial; streams - function
    of DATA, START or DESCENT that returns a NumPy generator per trial.
    """

    rows: torch.Tensor
    truth: torch.Tensor
    cells: list
    streams: object

    @property
    def count(self):
        """K."""
        return self.truth.shape[1]

    @property
    def used(self):
        """The columns of its bases that a trial uses: bool (trials, d)."""
        return used_columns([d for d, _ in self.cells])

    def normals(self, starts=1):
        """Standard normals of the shape of the truth for each start: (starts, trials, K, n, d)."""
        shape = (starts, *self.truth.shape[1:])
        drawn = [g.standard_normal(shape) for g in self.streams(START)]
        return torch.from_numpy(np.stack(drawn, axis=1))


def draw_trials(components, samples, noise, design, study_seed):
    """The Trials of one N. The random numbers of a trial depend only on K, d, N and its number."""
    cells = [(d, trial) for d in design.dimensions for trial in range(design.trials)]

    def streams(part, chosen=cells):
        indices = [(part, components, d, samples, trial) for d, trial in chosen]
        return [stream(study_seed, "phase_transition", *index) for index in indices]

    rows, truth = [], []
    for d in design.dimensions:
        generators = streams(DATA, [cell for cell in cells if cell[0] == d])
        bases = random_bases(generators, design.ambient_dimension, [d] * components)
        drawn, _ = random_rows(generators, bases, [samples] * components, noise=noise)
        rows.append(drawn)
        missing = max(design.dimensions) - d
        truth.append(torch.nn.functional.pad(padded(bases), (0, missing)))
    return Trials(torch.cat(rows), torch.cat(truth), cells, streams)


def by_svd(trials, design):
    """Leading right singular vectors (theorem 1): (trials, 1, n, d)."""
    return principal_bases(trials.rows, trials.used)[:, None]


def by_clustering(trials, design):
    """K-subspaces from the spectral start and from random starts: (trials, K, n, d).

    If N = d, every partition into groups of d rows reaches the largest objective, so that the
    problem does not determine the subspaces. The spectral start then gives the clusters of the
    truth, and no further start is tried.
    """
    problem = KSubspaces(trials.rows, trials.used, trials.count)
    starts = [spectral_labels(trials.rows, trials.count)]
    for drawn in trials.normals(design.restarts):
        starts.append(nearest_subspaces(trials.rows, drawn * trials.used[:, None, None]))
    return best_clustering(problem, starts)


def by_orthogonal_clustering(trials, design):
    """Problem (18) (theorem 3), started from the clusters of K-subspaces: (trials, K, n, d)."""
    problem = OrthogonalSubspaces(trials.rows, trials.used, trials.count, trials.normals()[0])
    return best_clustering(problem, [nearest_subspaces(trials.rows, by_clustering(trials, design))])


def by_descent(trials, design):
    """Stochastic gradient descent on the denoising loss: (trials, K, n, d)."""
    bases = STARTS[design.start](trials.truth, trials.normals()[0])
    generators = [
        torch.Generator().manual_seed(int(g.integers(2**32))) for g in trials.streams(DESCENT)
    ]
    return learn(trials.rows, bases, generators, Descent(design.steps, design.learning_rate))


METHODS = {
    "svd": by_svd,
    "clustering": by_clustering,
    "orthogonal": by_orthogonal_clustering,
    "sgd": by_descent,
}


def measure_distances(method, components, noises, design, study_seed):
    """Distances of the learnt subspaces from the true ones, in every trial of every cell.

    Args:    method - key of METHODS; svd is for one component, the clusterings are for several;
             components - K; noises - standard deviations of the noise, each makes a map; design -
             Design; study_seed.
    Returns: dict of columns: noise, dimension d, samples N, trial, and the distances spectral and
             frobenius, see `subspace_distances`.
    """
    names = ("noise", "dimension", "samples", "trial", "spectral", "frobenius")
    columns = {name: [] for name in names}
    for noise, samples in itertools.product(noises, design.samples):
        trials = draw_trials(components, samples, noise, design, study_seed)
        distances = subspace_distances(METHODS[method](trials, design), trials.truth)
        dimensions, numbers = zip(*trials.cells, strict=True)
        values = (noise, dimensions, samples, numbers, *distances)
        for column, value in zip(columns.values(), values, strict=True):
            column.append(np.broadcast_to(np.asarray(value), len(numbers)))
    return {name: np.concatenate(column) for name, column in columns.items()}

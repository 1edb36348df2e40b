"""Distributions of data on manifolds, and a table of a collapse."""

import numpy as np
import pandas as pd

from gaussianity.manifold.measured.cases import CASE
from gaussianity.manifold.theory.activations import ACTIVATIONS
from gaussianity.manifold.theory.distribution import ManifoldDistribution


def distribution(d=40, p=20, activation="linear", **options):
    """The ManifoldDistribution of an activation's name."""
    return ManifoldDistribution(d, p, ACTIVATIONS[activation], **options)


def collapsing(case, theory, theory_half, *, n=100):
    """Two training sets with weights that fall from 1 at 0 to 0 at 2 and 2.2: t_C = 1.05."""
    times = np.linspace(0, 2, 9)
    labels = dict(zip(CASE, (case, "tanh", 8, 4, n, 1.0, 0.5, False), strict=True))
    parts = []
    for seed, end in ((0, 2.0), (1, 2.2)):
        values = dict(true=1 - times / end, participation=1 - times / end, entropy=times)
        known = dict(theory=theory, theory_half=theory_half)
        parts.append(pd.DataFrame(labels | dict(seed=seed, time=times, **values, **known)))
    return pd.concat(parts)

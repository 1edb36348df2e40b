"""Speciation and collapse times of data on a manifold as functions of beta, alpha and separation.

A Setting holds the parameters of one point. Each time is computed from the theory at its own point.
"""

import functools
from dataclasses import dataclass, replace

import numpy as np

from gaussianity.io.columns import concatenated
from gaussianity.manifold.theory.activations import ISOMETRIC, activation
from gaussianity.manifold.theory.collapse import finite_times, isometric_time, linear_time, rate
from gaussianity.manifold.theory.distribution import ManifoldDistribution
from gaussianity.manifold.theory.replica_information import ReplicaInformation
from gaussianity.manifold.theory.speciation import CRITERIA, speciation_times

ORTHONORMAL = (
    "collapse_orthonormal"  # collapse where F has nearly orthonormal columns, kappa = beta
)
TABLES = 8  # points of a curve along which every point needs a replica-symmetric table of its own
POINT = ("d", "alpha", "beta", "separation", "kappa")
VARIED = ("beta", "alpha", "separation")


@dataclass(frozen=True)
class Setting:
    """Parameters of one point.

    d - dimension of the data; alpha - log(n) / d; beta - p / d; separation - |mu| / sqrt(p); kappa
    - of ManifoldDistribution. kappa None means beta, for which F^T F is close to I. For ISOMETRIC,
    kappa is always beta.
    """

    d: int
    alpha: float
    beta: float
    separation: float
    kappa: float | None = 1.0

    @classmethod
    def of_samples(cls, *, d, samples, **others):
        """A Setting with n samples in place of alpha."""
        return cls(d=d, alpha=float(rate(samples, d)), **others)

    def distribution(self, name):
        """The ManifoldDistribution of an activation's name, or of ISOMETRIC."""
        isometric = name == ISOMETRIC
        phi = activation("linear" if isometric else name)
        kappa = self.beta if isometric or self.kappa is None else self.kappa
        return ManifoldDistribution(
            self.d, self.beta * self.d, phi, self.separation, kappa, isometric
        )

    def along(self, varied, values):
        """Settings in which one of VARIED takes each of the values."""
        return [replace(self, **{varied: float(value)}) for value in values]


def points(name, settings):
    """Columns POINT of an activation's settings."""
    columns = {key: np.array([getattr(s, key) for s in settings]) for key in POINT[:-1]}
    return columns | dict(kappa=np.array([s.distribution(name).kappa for s in settings]))


def speciation_curve(name, settings):
    """Speciation times of an activation.

    Args:    name - of an activation, or ISOMETRIC; settings - Settings.
    Returns: dict of criterion to times (k,), see `theory.speciation.speciation_times`.
    """
    times = [speciation_times(setting.distribution(name)) for setting in settings]
    return {criterion: np.array([each[criterion] for each in times]) for criterion in CRITERIA}


class CollapseCurve:
    """Collapse times of an activation; it keeps the replica-symmetric tables that it has computed.

    Args:    name - of an activation, or ISOMETRIC.
    """

    def __init__(self, name):
        self.name = name
        self.information = functools.cache(self._information)

    def __call__(self, settings):
        """Times (k,) for n and for n / 2 samples: dict of n and half, see `finite_times`."""
        d, alpha = (np.array([getattr(s, name) for s in settings]) for name in ("d", "alpha"))
        times = functools.partial(self._times, settings)
        chosen_at = speciation_curve(self.name, settings)["spectral"]
        return dict(zip(("n", "half"), finite_times(times, alpha, d, chosen_at), strict=True))

    def _times(self, settings, alpha):
        distributions = [setting.distribution(self.name) for setting in settings]
        beta, kappa = (
            np.array([getattr(distribution, name) for distribution in distributions])
            for name in ("beta", "kappa")
        )
        if self.name == ISOMETRIC:
            return isometric_time(alpha, beta, kappa)
        if self.name == "linear":
            return linear_time(alpha, beta, kappa)
        found = np.empty(len(distributions))
        channels = np.array(
            [(distribution.separation, distribution.kappa) for distribution in distributions]
        )
        for channel in np.unique(channels, axis=0):
            of_channel = (channels == channel).all(axis=1)
            table = self.information(*map(float, channel))
            found[of_channel] = table.times(alpha[of_channel], beta[of_channel])
        return found

    def _information(self, separation, kappa):
        return ReplicaInformation(activation(self.name), separation=separation, kappa=kappa)


def thinned(values):
    """At most TABLES of the values, the first and the last among them.

    >>> thinned(list(range(15)))
    [0, 2, 4, 6, 8, 10, 12, 14]
    """
    places = np.linspace(0, len(values) - 1, min(TABLES, len(values)))
    return [values[place] for place in places.round().astype(int)]


def theory_curves(name, ranges, settings):
    """All times of an activation along each of VARIED.

    Args:    name - of an activation, or ISOMETRIC, for which beta is at most 1; ranges - dict of
             VARIED to values; settings - dict of speciation and collapse to the Setting of the
             fixed parameters.
    Returns: dict of columns, a row per point and criterion: varied, transition (speciation,
             collapse, or ORTHONORMAL, the collapse with kappa = beta), criterion (of CRITERIA, or
             the number of samples, n or half), POINT and time.
    """
    collapse, parts = CollapseCurve(name), []
    settings = settings | {ORTHONORMAL: replace(settings["collapse"], kappa=None)}
    for varied, values in ranges.items():
        if varied == "beta" and name == ISOMETRIC:
            values = [beta for beta in values if beta <= 1]
        for transition, times in (
            ("speciation", functools.partial(speciation_curve, name)),
            ("collapse", collapse),
            (ORTHONORMAL, collapse),
        ):
            needs_tables = transition == ORTHONORMAL and name not in (ISOMETRIC, "linear")
            few = needs_tables and varied == "beta"
            along = settings[transition].along(varied, thinned(values) if few else values)
            for criterion, found in times(along).items():
                labels = dict(varied=varied, transition=transition, criterion=criterion)
                texts = {key: np.full(len(along), text) for key, text in labels.items()}
                parts.append(texts | points(name, along) | dict(time=found))
    return concatenated(parts)

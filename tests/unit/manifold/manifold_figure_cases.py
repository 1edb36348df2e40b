"""Made-up tables of the figures of transition times, and the figures drawn from them."""

import numpy as np
import pandas as pd
from figure_cases import DATA, product

from gaussianity.manifold.figures import real_transition_times, transition_times
from gaussianity.manifold.measured.image_times import agreement_samples, time_table
from gaussianity.manifold.theory.two_classes import TwoClasses


def transition_theory(names, values=(0.1, 0.5, 1.0)):
    """Rising curves at the values; those of collapse have kappa = 1, all others kappa = beta."""
    criteria = {"speciation": ["potential", "spectral"], "collapse": ["n", "half"]}
    criteria |= {"collapse_orthonormal": ["n", "half"]}
    parts = []
    for transition, named in criteria.items():
        frame = product(
            activation=names,
            varied=["beta", "alpha", "separation"],
            transition=[transition],
            criterion=named,
            at=list(values),
        )
        frame = frame.assign(d=64, alpha=0.1, beta=0.5, separation=1.0)
        for varied in ("beta", "alpha", "separation"):
            frame[varied] = frame[varied].mask(frame["varied"] == varied, frame["at"])
        own = (frame["activation"] == "isometric") | (transition != "collapse")
        frame["kappa"] = frame["beta"].where(own, 1.0)
        frame["time"] = 1 + frame["at"] + 0.1 * (frame["criterion"] != named[0])
        parts.append(frame.drop(columns="at"))
    return pd.concat(parts, ignore_index=True)


def transition_measurements():
    """One case on the curves of each transition, one on no curve, and a second criterion."""
    base = dict(d=64, p=32, n=round(np.exp(6.4)), separation=1.0, isometric=0, error=0.1, time=1.5)
    rows = [
        dict(activation="relu", transition="collapse", criterion="true", kappa=1.0),
        dict(activation="relu", transition="collapse", criterion="participation", kappa=1.0),
        dict(activation="relu", transition="collapse", criterion="true", kappa=0.7),
        dict(activation="relu", transition="speciation", criterion="potential", kappa=0.5),
        dict(activation="linear", transition="collapse", criterion="true", kappa=0.5, isometric=1),
    ]
    frame = pd.DataFrame([base | row for row in rows])
    return frame.assign(alpha=np.log(frame["n"]) / 64)


def draw_transition_times(*names):
    measured = transition_measurements()
    theory = transition_theory(names)
    fixed = theory["varied"] != "alpha"
    theory["alpha"] = theory["alpha"].mask(fixed, measured["alpha"].iloc[0])
    return transition_times.draw(transition_times.table(theory, measured))


def fading(law, times, level, count=60):
    """Tables of `weight_table` and `clone_table` whose probabilities cross 1/2 at a level."""
    frame = product(time=times, image=range(count))
    share = 1 / (1 + (frame["time"] / level) ** 3)
    drawn = np.random.default_rng(0).uniform(size=(2, len(frame))) < share.to_numpy()
    return frame.assign(
        law=law,
        same_class=(1 + share) / 2,
        same_image=share,
        entropy=np.log(100) * (1 - share),
        same_copy=drawn[0].astype(float),
        copies=0.5 * drawn.sum(axis=0),
        participation=share,
        class_accuracy=0.98,
    )


def draw_real_transition_times(trained_level):
    times, clone_times = np.geomspace(0.01, 3, 20), np.geomspace(0.01, 3, 9)
    weights = {law: fading(law, times, 0.3) for law in DATA}
    clones = {"mixture": fading("mixture", clone_times, 0.2).assign(same_copy=0.0, copies=0.0)}
    if trained_level is not None:
        clones["trained"] = fading("trained", clone_times, trained_level)
    measured = agreement_samples(weights, clones, fading("mixture", times, 0.4))
    pair = TwoClasses.of_moments(2 * np.eye(16)[:2], np.stack([np.eye(16) / 2] * 2), [50, 50])
    summary = time_table(measured, pair, clones, replicates=20, generator=np.random.default_rng(0))
    return real_transition_times.draw(measured, summary)


CASES = [
    (draw_real_transition_times, 0.1),
    (draw_transition_times, *transition_times.NAMES, "a_module:function"),
]
LONGER = [
    (draw_real_transition_times, None),
]

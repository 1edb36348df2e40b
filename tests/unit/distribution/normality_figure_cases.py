"""Made-up tables of the figures of normality, and the figures drawn from them."""

import numpy as np
import pandas as pd
from figure_cases import CLASSES, product

from gaussianity.distribution.figures import (
    normality,
    normality_directions,
    normality_pictures,
    normality_power,
)

KINDS = ["images", "gaussian", "clipped"]
SOURCES = ["diffusion", "data"]


def measured(classes, sources, kinds=KINDS, accuracy=0.8):
    """Distances and accuracies of the kinds, as `class_normality` returns them."""
    frame = product(source=sources, image_class=CLASSES[classes], kind=kinds)
    generator = np.random.default_rng(0)
    scale = frame["kind"].map(dict(images=0.15, gaussian=0.01, clipped=0.1))
    frame["distance"] = scale * generator.uniform(0.5, 1.5, len(frame))
    frame["accuracy"] = accuracy + generator.uniform(-0.1, 0.1, len(frame))
    frame.loc[frame["kind"] == "gaussian", "accuracy"] = np.nan
    frame["beyond"] = np.where(frame["kind"] == "images", frame["accuracy"] - 0.15, np.nan)
    for name in ("distance", "accuracy", "beyond"):
        frame[f"{name}_low"], frame[f"{name}_high"] = frame[name] - 0.01, frame[name] + 0.01
    frame["covariance_error"] = np.where(frame["kind"] == "clipped", 0.05, np.nan)
    even = frame.index % 2 == 0
    frame.loc[even & (frame["kind"] == "clipped"), "covariance_error"] = 0.2
    frame["frechet"] = np.where(frame["kind"] == "images", 0.002, np.nan)
    return frame


def draw_normality(classes, sources, kinds=KINDS, accuracy=0.8):
    return normality.draw(measured(classes, sources, kinds, accuracy), 0.05, 0.05)


def directions(classes, sources, kinds, count):
    """A bathtub: far from normal in the first and the last directions."""
    frame = product(
        source=sources, image_class=CLASSES[classes], kind=kinds, rank=range(1, count + 1)
    )
    rank = frame["rank"].to_numpy()
    bathtub = 0.03 + 0.2 / rank + 0.8 * np.maximum(0, rank - 0.8 * count) / (0.2 * count)
    noise = np.random.default_rng(0).uniform(0.8, 1.2, len(frame))
    shape = frame["kind"].map(dict(images=1.0, gaussian=0.0, clipped=0.5))
    frame["delta"] = noise * (shape * bathtub + 0.02)
    frame["variance"] = 1 / rank
    frame["share"] = 0.9 / rank / (1 / np.arange(1, count + 1)).sum()
    frame["band"] = 0.036
    frame["marked"] = ((frame["delta"] > 0.05) & (frame["kind"] == "images")).astype(int)
    return frame


def draw_normality_directions(classes, sources, kinds=KINDS, count=50):
    return normality_directions.draw(directions(classes, sources, kinds, count))


def pictures(classes, sources, channels):
    """Smooth pictures, and scores of two modes; a pixel is constant."""
    generator, shape = np.random.default_rng(0), (channels, 8, 8)
    found = {}
    for number, (source, name) in enumerate((s, c) for s in sources for c in CLASSES[classes]):
        wave = np.sin(np.arange(64) / (3 + number)) * np.ones((channels, 1))
        pixel_map = np.abs(wave).ravel() / 2
        pixel_map[0] = np.nan
        scores = 0.5 * generator.standard_normal(500) + 0.87 * generator.choice([-1, 1], 500)
        found[source, name] = dict(
            mean=(0.5 + wave / 3).ravel(),
            pattern=np.cos(wave).ravel() / 5,
            filter=wave.ravel(),
            pixel_map=pixel_map,
            scores=scores,
            rank=np.array(number % 2),
            worst_delta=np.array(0.2),
            worst_p=np.array(0.001),
        )
    return found, shape


def draw_normality_pictures(classes, sources, channels=1):
    return normality_pictures.draw(*pictures(classes, sources, channels))


def powers(classes, sources):
    """Power that rises with the number of images, and known distributions at two numbers."""
    sizes = [40, 80, 160, 320, 640]
    power = product(source=sources, image_class=CLASSES[classes], images=sizes)
    power["rejected"] = 1 - np.exp(-((power["images"] / 150) ** 2))
    power = power.assign(subsamples=2560 // power["images"], low=0.0, high=1.0)
    known = product(alternative=list(normality_power.NAMES), images=[174, 2560], sets=[50])
    known["rejected"] = np.where(known["images"] > 200, 1.0, np.arange(len(known)) / len(known))
    return power, pd.DataFrame(known)


def draw_normality_power(classes, sources):
    return normality_power.draw(*powers(classes, sources))


CASES = [
    (draw_normality, 7, SOURCES),
    (draw_normality_directions, 7, SOURCES),
    (draw_normality_pictures, 7, SOURCES),
    (draw_normality_power, 7, SOURCES),
]
LONGER = [
    (draw_normality, 20, SOURCES),
    (draw_normality, 1, ["data"], ["images", "gaussian"], np.nan),
    (draw_normality_directions, 20, ["data"], ["images", "gaussian"]),
    (draw_normality_directions, 1, ["diffusion"], KINDS, 2),
    (draw_normality_directions, 1, ["data"], KINDS, 1),
    (draw_normality_pictures, 20, SOURCES, 3),
    (draw_normality_pictures, 1, ["data"]),
    (draw_normality_power, 1, ["data"]),
    (draw_normality_power, 20, SOURCES),
]

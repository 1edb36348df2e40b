"""Domains of the made-up tables of all figures."""

import itertools

import pandas as pd

from gaussianity.drawing import style

ALL = ["diffusion", "diffusion-gaussian", "data", "data-gaussian"]
DATA = ["data", "data-gaussian"]
SOURCES = ["diffusion", "normal", "coarse_sampler", "data"]
FOUR = [f"{source}{kind}" for source in SOURCES for kind in ("", "-gaussian")]
style.name_sources(SOURCES)
CLASSES = {
    2: ["n02102040 English springer", "cat"],
    1: ["7"],
    10: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
    7: list("abcdefg"),
    20: [str(k) for k in range(20)],
}
SUBSETS = {1: ["ten"], 3: ["pair", "four", "ten"], 20: [f"pair{k}" for k in range(20)]}


def product(**domains):
    values = itertools.product(*domains.values())
    return pd.DataFrame(values, columns=list(domains))

"""Random streams: one per (study seed, purpose, indices), so that no two uses share numbers.

A sample's numbers depend on its own index alone, never on the batch, shard, job or device.
"""

import numpy as np

PURPOSES = (
    "training",
    "gaussian",
    "split",
    "weights",
    "shuffle",
    "verdict",
    "contraction",
    "functionals",
    "concentration",
    "assumptions",
    "mixture_rows",
    "control",
    "estimation_gap",
    "transition",
    "unconditional_training",
    "real_weights",
    "real_clones",
    "real_times",
    "phase_transition",
)
IMAGES_PER_CLASS = 2**20  # seeds set aside for each class
SEEDS = 2**32  # torch's CPU generator keeps the low 32 bits of a seed
GOLDEN_RATIO = 2654435761  # odd, so multiples of it visit every residue modulo 2**32


def stream(seed, purpose, *indices):
    """NumPy generator of one purpose of a study.

    Args:    seed - study seed; purpose - one of PURPOSES; indices - integers (class, sample, ...).
    Raises:  ValueError - unknown purpose.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"purpose must be one of {', '.join(PURPOSES)}, found {purpose!r}")
    # The number of indices of a purpose must not vary: NumPy pads a short list with zeros.
    return np.random.default_rng([seed, PURPOSES.index(purpose), *indices])


def image_seeds(seed, class_index, indices):
    """Seed of each image's own torch generator: distinct within a study.

    Args:    seed - study seed; class_index - position in the dataset's classes, below 4,096;
             indices - sample numbers within the class, below 2**20.
    Returns: int64 (n,), in [0, 2**32). With seed 0 and class 0 they are the indices themselves.
    Raises:  ValueError - class_index or an index is out of range.
    """
    indices = np.asarray(indices, dtype=np.int64)
    if not 0 <= class_index < SEEDS // IMAGES_PER_CLASS:
        raise ValueError(f"class_index must be below 4096, found {class_index}")
    if indices.size and not 0 <= indices.min() <= indices.max() < IMAGES_PER_CLASS:
        raise ValueError(f"sample indices must be below {IMAGES_PER_CLASS}, found {indices.max()}")
    offset = seed * GOLDEN_RATIO % SEEDS
    return (offset + class_index * IMAGES_PER_CLASS + indices) % SEEDS

"""Random streams: one per (study seed, purpose, indices), so that no two uses share numbers.

The random numbers of a sample depend on its index alone, not on batch, shard, job or device.
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
    "mixture_denoiser",
    "mixture_generalisation",
    "image_subset",
    "image_denoiser",
    "image_generalisation",
    "class_subspaces",
    "phase_transition",
    "numerical_rank",
    "mixture_rank",
    "mixture_latents",
    "semantic_directions",
    "mixture_directions",
    "edit_classifier",
    "folds",
    "cross_fit",
    "mixing",
    "mixed_test",
    "gaussian_points",
    "array_images",
    "normality_null",
    "normality_alternatives",
    "normality_network",
    "normality_worst",
    "normality_clipped",
    "normality_samples",
    "normality_subsamples",
    "normality_sliced",
    "linear_noise",
    "linear_split",
)
IMAGES_PER_CLASS = 2**20  # number of seeds of each class
SEEDS = 2**32  # torch's CPU generator keeps the low 32 bits of a seed
GOLDEN_RATIO = 2654435761  # odd, so that its multiples reach every residue modulo 2**32


def stream(seed, purpose, *indices):
    """NumPy generator of one purpose of a study.

    Args:    seed - of the study; purpose - one of PURPOSES; indices - integers (class, ...).
    Raises:  ValueError - unknown purpose.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"purpose must be one of {', '.join(PURPOSES)}, found {purpose!r}")
    # The number of indices of a purpose must not vary: NumPy pads a short list with zeros.
    return np.random.default_rng([seed, PURPOSES.index(purpose), *indices])


def image_seeds(seed, class_index, indices):
    """Seed of the torch generator of each image, different for all images of a study.

    Args:    seed - of the study; class_index - index among the classes of the dataset, below 4,096;
             indices - of the samples within the class, below 2**20.
    Returns: int64 (n,), in [0, 2**32); the indices themselves for seed 0 and class 0.
    Raises:  ValueError - class_index or an index is out of range.
    """
    indices = np.asarray(indices, dtype=np.int64)
    if not 0 <= class_index < SEEDS // IMAGES_PER_CLASS:
        raise ValueError(f"class_index must be below 4096, found {class_index}")
    if indices.size and not 0 <= indices.min() <= indices.max() < IMAGES_PER_CLASS:
        raise ValueError(f"sample indices must be below {IMAGES_PER_CLASS}, found {indices.max()}")
    offset = seed * GOLDEN_RATIO % SEEDS
    return (offset + class_index * IMAGES_PER_CLASS + indices) % SEEDS

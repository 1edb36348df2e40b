"""The sections of a study that follow from what was found."""

import copy

from choice.classes import chosen_classes, subsets
from choice.sizes import chosen_sizes, epochs, learning_rates
from gaussianity.sampling.limits import HIGHEST, LOWEST

OF_IMAGES = "dataset", "sources", "subsets"
OF_DENOISER = "sources", "subsets", "denoiser", "sampling", "contraction"
OF_BOTH = (
    "features",
    "gaussian",
    "spectra",
    "assumptions",
    "classifier",
    "verdict",
    "normality",
    "concentration",
    "controls",
    "figures",
)
# Samples of a class by the size of a denoiser's weights: smaller networks sample faster.
SAMPLES = ((20e6, 2560), (float("inf"), 1000))
FEW_STEPS, STEPS = 18, 40  # EDM's numbers of noise levels, for 32 x 32 pixels and for more
SIDE_OF_FEW_STEPS = 32
SHOWN_CLASSES = 4


def chosen_study(name, found, defaults, asked_classes=None):
    """A study of what was found.

    Args:    name - of the study; found - Found; defaults - the complete configuration without
             choices; asked_classes - names, or None.
    Returns: dict of the sections that such a study uses, complete.
    Raises:  InputError - see `chosen_classes`.
    """
    names = None if asked_classes is None else [c.rpartition(":")[0] or c for c in asked_classes]
    classes = chosen_classes(found.counts, names)
    sizes = chosen_sizes(_available(found, classes))
    of_kind = OF_IMAGES if found.kind == "images" else OF_DENOISER
    shared = ("seed", "device", "shard_size")
    study = {key: copy.deepcopy(defaults[key]) for key in (*shared, *of_kind, *OF_BOTH)}
    study["sources"] = [dict(name="data" if found.kind == "images" else "diffusion") | sizes.source]
    study["subsets"] = subsets(classes, sizes.images)
    if found.kind == "images":
        study["dataset"] = found.section
    else:
        study |= _sampling(found, defaults)
    _add_measures(study, found, classes, sizes)
    return dict(study=name, **study)


def _available(found, classes):
    if found.kind == "images":
        return min(found.counts[name] for name in classes)
    return next(samples for size, samples in SAMPLES if found.size <= size)


def _sampling(found, defaults):
    """The sections of a denoiser: EDM's deterministic sampler, and no derivatives of a function."""
    steps = FEW_STEPS if max(found.shape[1:]) <= SIDE_OF_FEW_STEPS else STEPS
    shown = sorted({round(steps * part / 8) for part in range(9)})
    noise = dict(sigma_min=LOWEST, sigma_max=HIGHEST, S_churn=0.0)
    sampling = dict(steps=steps, **noise, snapshot_steps=shown)
    # The derivatives of an image take about as long as sampling 1,000 images.
    images = 0 if found.section["kind"] == "callable" else 1
    contraction = dict(images=images, singular_values=min(8, found.dimension))
    return dict(
        denoiser=found.section,
        sampling=defaults["sampling"] | sampling,
        contraction=defaults["contraction"] | contraction,
    )


def _add_measures(study, found, classes, sizes):
    """Settings of the statistics that depend on the number of images, or of numbers of an image."""
    study["classifier"]["learning_rates"] = learning_rates(found.square)
    study["classifier"]["epochs"] = epochs(len(classes), sizes.train_sizes[-1])
    study["assumptions"]["images_per_class"] = min(1024, sizes.images)
    study["concentration"]["images"] = min(1024, sizes.images)
    shown = dict(
        trajectories_per_class=min(100, sizes.images),
        trajectory_classes=classes[:SHOWN_CLASSES],
        grid_images=min(10, sizes.images),
        eigenvectors=min(5, found.dimension),
    )
    study["figures"] |= shown
    if min(sizes.images - 1, found.dimension) < 40:  # few eigenvalues for a straight line
        study["spectra"]["fit_ranks"] = [0.05, 1.0]
        study["assumptions"]["smallest_size"] = 0.5

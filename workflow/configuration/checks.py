"""Does what a configuration asks for fit together, and with its data? One sentence where not.

What the schema can't say; each function raises InputError.
"""

import math

from gaussianity.errors import InputError
from gaussianity.manifold.theory.activations import ACTIVATIONS

LEVELS = 0.002, 80.0  # as gaussianity.sampling.sampler.sigma_schedule, whose import is slow
ISOMETRIC = "isometric"  # as gaussianity.manifold.theory.curves, whose import is slow


def check_study(study):
    """All that follows once the study knows its classes."""
    if "data" in study.sources:
        check_images_per_class(study)
    check_sizes(study)
    check_sampling(study)
    check_concentration(study)
    if study.denoiser_source is not None and study.uses_dataset:
        check_image_shape(study)
    if study.uses_denoiser:
        check_contraction(study)
    check_phase_transition(study)
    check_mixtures(study)
    check_edits(study)
    check_theory(study)
    check_transitions(study)
    check_real_data(study)


def check_subsets(study):
    """Names that differ, and classes that the dataset or the denoiser has."""
    config = study.config
    for part, found in (("sources", study.sources), ("subsets", study.subsets)):
        if len(found) != len(config[part]):
            names = ", ".join(entry["name"] for entry in config[part])
            raise InputError(f"config: {part} must have names that differ, found {names}")
    for name, subset in study.subsets.items():
        for image_class in subset["classes"]:
            if image_class == "all":
                raise InputError(
                    f"config: subsets: {name} asks for the class 'all', which stands for all "
                    "classes in the tables; give it another name in the dataset"
                )
            if image_class not in study.class_names:
                raise InputError(
                    f"config: subsets: {name} asks for the class {image_class!r}; the classes "
                    f"are {', '.join(study.class_names)}"
                )


def check_images_per_class(study):
    """No more images than the smallest class has."""
    fewest = min(study.classes, key=study.class_counts.get)
    asked = study.sources["data"]["images_per_class"]
    if asked > study.class_counts[fewest]:
        raise InputError(
            "config: sources: data: images_per_class must be at most "
            f"{study.class_counts[fewest]}, as many as the class {fewest} has, found {asked}"
        )


def check_image_shape(study):
    """A given denoiser's images are as the dataset's."""
    denoised = tuple(study.denoiser_source.image_shape)
    if denoised != study.image_shape:
        raise InputError(
            f"config: denoiser.image_shape must be {list(study.image_shape)} as the dataset's "
            f"images are, found {list(denoised)}"
        )


def check_sizes(study):
    """Parts of a pool, and Gram matrices, of images that there are."""
    for name, source in study.sources.items():
        held = source["validation_size"] + source["test_size"]
        left = source["images_per_class"] // source["pools"] - held
        if max(source["train_sizes"]) > left:
            raise InputError(
                f"config: sources: {name}: train_sizes must be at most {left} "
                f"(images_per_class {source['images_per_class']} over pools "
                f"{source['pools']}, less validation and test {held}), found "
                f"{max(source['train_sizes'])}"
            )
        for subset in study.subsets.values():
            if subset["gram_images_per_class"] > source["images_per_class"]:
                raise InputError(
                    f"config: subsets: {subset['name']}: gram_images_per_class must be at most "
                    f"{source['images_per_class']}, as many as {name} has, found "
                    f"{subset['gram_images_per_class']}"
                )


def check_sampling(study):
    """Steps, noise levels, ranks and classes that fit together."""
    sampling = study.config["sampling"]
    if max(sampling["snapshot_steps"]) > sampling["steps"]:
        raise InputError(
            f"config: sampling.snapshot_steps must be at most {sampling['steps']} "
            f"(sampling.steps), found {max(sampling['snapshot_steps'])}"
        )
    if min(sampling["snapshot_steps"]) == sampling["steps"]:
        raise InputError(
            f"config: sampling.snapshot_steps must hold a step below {sampling['steps']}, "
            "the end point, which has no denoised image"
        )
    for low, high in (("sigma_min", "sigma_max"), ("S_min", "S_max")):
        if sampling[low] >= sampling[high]:
            raise InputError(
                f"config: sampling.{low} must be below sampling.{high} = {sampling[high]}, "
                f"found {sampling[low]}"
            )
    first, last = study.config["spectra"]["fit_ranks"]
    if first >= last:
        raise InputError(f"config: spectra.fit_ranks must rise, found {[first, last]}")
    if study.uses_denoiser:
        for image_class in study.trajectory_classes:
            if image_class not in study.classes:
                raise InputError(
                    f"config: figures.trajectory_classes must be among the subsets' classes "
                    f"{', '.join(study.classes)}, found {image_class!r}"
                )


def check_contraction(study):
    """Images that are sampled, and no more singular values than pixels."""
    given, pixels = study.config["contraction"], math.prod(study.image_shape)
    most = {
        "images": (study.per_class("diffusion"), "sources: diffusion: images_per_class"),
        "singular_values": (pixels, "the pixels of an image"),
    }
    for key, (largest, of) in most.items():
        if given[key] > largest:
            raise InputError(
                f"config: contraction.{key} must be at most {largest}, {of}, found {given[key]}"
            )


def check_concentration(study):
    """Images that stand aside as anchors leave at least two to be measured."""
    sizes = {
        f"sources: {name}: images_per_class": source["images_per_class"]
        for name, source in study.sources.items()
    }
    if study.uses_denoiser:
        sizes["concentration.images"] = study.config["concentration"]["images"]
    key = min(sizes, key=sizes.get)
    anchors = study.config["concentration"]["anchors"]
    if anchors > sizes[key] - 2:
        raise InputError(
            f"config: concentration.anchors must be at most {sizes[key] - 2} ({key} "
            f"{sizes[key]} less 2), found {anchors}"
        )


def check_phase_transition(study):
    """Orthogonal subspaces that fit into the space around them."""
    given = study.config["molrg"]["phase_transition"]
    needed = max(given["components"]) * max(given["dimensions"])
    if needed > given["ambient_dimension"]:
        raise InputError(
            f"config: molrg.phase_transition.ambient_dimension must be at least {needed} for "
            f"{max(given['components'])} orthogonal subspaces of {max(given['dimensions'])} "
            f"dimensions, found {given['ambient_dimension']}"
        )


def check_mixtures(study):
    """Orthogonal subspaces that fit into the images of the mixtures."""
    given = study.config["molrg"]["mixture_denoisers"]
    needed = given["subspaces"] * max(given["dimensions"])
    if needed > math.prod(given["image_shape"]):
        raise InputError(
            f"config: molrg.mixture_denoisers.image_shape must have at least {needed} pixels for "
            f"{given['subspaces']} orthogonal subspaces of {max(given['dimensions'])} dimensions, "
            f"found {given['image_shape']}"
        )


def check_edits(study):
    """A noise level that the sampler passes."""
    sigma = study.config["molrg"]["semantic_directions"]["sigma"]
    lowest, highest = LEVELS
    if not lowest <= sigma <= highest:
        raise InputError(
            f"config: molrg.semantic_directions.sigma must be {lowest} to {highest}, the sampler's "
            f"noise levels, found {sigma}"
        )


def check_theory(study):
    """Activations that there are, by names that give files of their own, and ranges that rise."""
    given = study.config["manifold"]["theory"]
    known = (*ACTIVATIONS, ISOMETRIC)
    for name in given["activations"]:
        if ":" not in name and name not in known:
            raise InputError(
                "config: manifold.theory.activations must be module:function or among "
                f"{', '.join(known)}, found {name}"
            )
    if len(study.theory_activations) < len(given["activations"]):
        raise InputError(
            "config: manifold.theory.activations must differ in more than punctuation, found "
            f"{', '.join(given['activations'])}"
        )
    for key in ("beta", "alpha", "separation"):
        low, high = given[key]
        if low >= high:
            raise InputError(
                f"config: manifold.theory.{key} must name the smaller value first, found {low} "
                f"and {high}"
            )
    if ISOMETRIC in given["activations"]:
        check_isometric_theory(given)


def check_isometric_theory(given):
    """F^T F = I for some beta of the curves, and for what the others hold fixed: beta <= 1."""
    fixed = {f"{name}.beta": given[name]["beta"] for name in ("speciation", "collapse")}
    for key, beta in {"beta.0": given["beta"][0], **fixed}.items():
        if beta > 1:
            raise InputError(
                f"config: manifold.theory.{key} must be at most 1 where activations name "
                f"{ISOMETRIC}, found {beta}"
            )


def check_transitions(study):
    """Cases that can be, with names of their own, and a reverse process that passes its forks."""
    for transition in ("speciation", "collapse", "cloning"):
        cases = study.config["manifold"][transition]["cases"]
        if len(study.transition_cases(transition)) != len(cases):
            names = ", ".join(case["case"] for case in cases)
            raise InputError(
                f"config: manifold.{transition}.cases must have names that differ, found {names}"
            )
        for case in cases:
            check_case(transition, case)
    given = study.config["manifold"]["cloning"]
    if given["end"] >= given["start"]:
        raise InputError(
            f"config: manifold.cloning.end must be below start = {given['start']}, found "
            f"{given['end']}"
        )
    for fork in given["forks"]:
        if not given["end"] < fork < given["start"]:
            raise InputError(
                f"config: manifold.cloning.forks must be between end = {given['end']} and start = "
                f"{given['start']}, found {fork}"
            )


def check_case(transition, case):
    """An activation that there is, isometric weights that can be, and classes to choose from."""
    where = f"config: manifold.{transition}.cases: {case['case']}"
    if ":" not in case["activation"] and case["activation"] not in ACTIVATIONS:
        raise InputError(
            f"{where}: activation must be module:function or among {', '.join(ACTIVATIONS)}, "
            f"found {case['activation']}"
        )
    if case["isometric"] and case["p"] > case["d"]:
        raise InputError(
            f"{where}: p must be at most d = {case['d']} where isometric, found {case['p']}"
        )
    if transition == "speciation" and not case["separation"]:
        raise InputError(f"{where}: separation must be above 0, found {case['separation']}")


def check_real_data(study):
    """Classes whose moments there are, and times that rise."""
    given = study.config["manifold"]["real_data"]
    named = [str(c) for c in given["classes"] or []]
    unknown = [c for c in named if c not in study.classes]
    if "data" in study.sources and unknown:
        raise InputError(
            "config: manifold.real_data.classes must be among the subsets' classes "
            f"{', '.join(study.classes)}, found {', '.join(unknown)}"
        )
    if given["lowest_time"] >= given["highest_time"]:
        raise InputError(
            "config: manifold.real_data.lowest_time must be below highest_time = "
            f"{given['highest_time']}, found {given['lowest_time']}"
        )

"""Jobs and trainings of the pages. A further page has its entry in PAGES, and nothing else."""

import collections
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Training:
    """Trainings of a rule's jobs: how many, of which network, and images seen in each.

    network - arguments of the network with its `architecture`; image_shape - (C, H, W);
    label_dim - number of classes, 0 for none.
    """

    rule: str
    count: int
    network: dict
    image_shape: tuple
    label_dim: int
    images: int


@dataclass(frozen=True)
class Page:
    """What a page computes, as functions of a Study.

    adds - rule to number of jobs, without figures and the page itself; reads - rule to number of
    the report's jobs whose results the page reads; trains - list of Training.
    """

    adds: Callable
    reads: Callable
    trains: Callable


def added(study, page):
    """Number of jobs of each rule that a page adds to those of the report, in the order of the
    data flow; rules without jobs are left out."""
    drawn = figures(study.figures_of(page)) - figures(study.figures)
    jobs = PAGES[page].adds(study) | drawn | {"report": 1}
    return {rule: count for rule, count in jobs.items() if count}


def alone(study, page):
    """Number of jobs of each rule where a page is made without the report."""
    read = {rule: count for rule, count in PAGES[page].reads(study).items() if count}
    return {"configuration": 1, **read} | added(study, page) | figures(study.figures_of(page))


def figures(names):
    """Number of jobs of the rule of each figure."""
    return collections.Counter(f"{name.rsplit('/')[-1]}_figure" for name in names)


def shards(study):
    """Number of files with images of all classes, by source."""
    return {name: len(study.classes) * len(study.shards(name)) for name in study.sources}


def sources(study):
    """Number of jobs of each rule up to the images, or features, of all sources."""
    files, sampled = shards(study), {part.name for part in study.sampled}
    return {
        "dataset": len(study.datasets),
        "denoiser": sum(denoiser.is_used for denoiser in study.denoisers.values()),
        "gaussian_start": sum(each.starts_late for each in study.samplings.values()),
        "sampling": sum(jobs for name, jobs in files.items() if name in sampled),
        "data": sum(jobs for name, jobs in files.items() if name not in sampled),
        "features": 0 if study.features is None else sum(files.values()),
    }


def trainings(study, page):
    """List of Training of a page; on the page report, of the study's own denoisers."""
    if page != "report":
        found = PAGES[page].trains(study)
    else:
        made = [each for each in study.denoisers.values() if each.is_made and each.kind == "unet"]
        found = [_training("denoiser", 1, study, each.section, each.label_dim) for each in made]
    return [each for each in found if each.count]


def _training(rule, count, study, section, label_dim=0, image_shape=None, architecture="adm"):
    settings = section["training"]
    steps = settings["steps"] if "steps" in settings else max(settings["lengths"])
    network = dict(section["network"], architecture=architecture)
    shape = tuple(image_shape or study.image_shape)
    return Training(rule, count, network, shape, label_dim, steps * settings["batch_size"])


def _molrg(study):
    given = study.molrg
    whole = given.image_subsets and study.whole_dataset != study.path("dataset.npz")
    return {
        "whole_dataset": int(bool(whole)),
        "phase_transition": len(given.phase_transitions),
        "mixture_denoiser": len(given.mixture_labels),
        "image_subset": len(given.image_subsets),
        "mixture_generalisation": 1,
        "image_generalisation": len(given.image_generalisation),
        "numerical_rank": len(given.numerical_ranks),
        "mixture_rank": 1,
        **dict.fromkeys(given.edits.values(), 1),
        "class_subspaces": len(given.subspace_sources),
    }


def _read_by_molrg(study):
    given = study.molrg
    if given.subspace_sources:  # they are of the images of all sources
        return sources(study) | {"moments": len(study.classes) * len(study.sources)}
    ranked, made = bool(given.numerical_ranks), study.denoiser.is_made
    read = (ranked and made) or (given.image_subsets and not _molrg(study)["whole_dataset"])
    return {"dataset": int(bool(read)), "denoiser": int(ranked)}


def _trained_by_molrg(study):
    mixtures = study.config["molrg"]["mixture_denoisers"]
    images = study.config["molrg"]["generalisation"]["images"]
    song = dict(architecture="song")
    shape = dict(image_shape=mixtures["image_shape"])
    return [
        _training(
            "mixture_denoiser", len(study.molrg.mixture_labels), study, mixtures, **shape, **song
        ),
        _training("image_subset", len(study.molrg.image_subsets), study, images, **song),
    ]


def _manifold(study):
    given = study.manifold
    clones = given.cloned_denoisers if given.transition_classes else []
    return {
        "manifold_theory": len(given.theories),
        **{name: len(given.tables(name)) for name in ("speciation", "collapse", "cloning")},
        "measured_times": 1,
        "real_weights": 2 if clones else 0,
        "unconditional_denoiser": int("trained" in clones),
        **{f"{name}_clones": 1 for name in clones},
    }


def _read_by_manifold(study):
    classes = study.manifold.transition_classes
    if not classes:
        return {}
    files = len(classes) * len(study.shards("data"))
    return {"dataset": 1, "data": files, "moments": len(classes), "gaussian": files}


def _trained_by_manifold(study):
    count = _manifold(study)["unconditional_denoiser"]
    return [_training("unconditional_denoiser", count, study, study.denoiser.section)]


def _shown(study):
    """The denoisers that the page linear shows."""
    return [each for each in study.linears.values() if each.is_shown]


def _linear(study):
    shown = _shown(study)
    halved = [each for each in shown if each.halves.is_shown]
    whole = halved and study.whole_dataset != study.path("dataset.npz")
    return {
        "whole_dataset": int(bool(whole)),
        "linear_split": len(shown),
        "half_denoiser": sum(len(each.halves.trainings) for each in halved),
        "linear_halves": len(halved),
        "linear_start": len(shown),
    }


def _read_by_linear(study):
    shown = _shown(study)
    return {
        "dataset": int(bool(shown) and study.uses_dataset),
        "denoiser": len({each.part.home for each in shown}),
        "gaussian_start": sum(each.sampling.starts_late for each in shown),
        "sampling": sum(len(files) for each in shown for files in each.images.values()),
        "linear_measures": len(shown),
    }


def _trained_by_linear(study):
    return [
        _training(
            "half_denoiser",
            len(each.halves.trainings) if each.halves.is_shown else 0,
            study,
            each.halves.denoiser_settings,
            each.sampling.denoiser.label_dim,
        )
        for each in study.linears.values()
        if each.halves.trainings
    ]


PAGES = {
    "molrg": Page(_molrg, _read_by_molrg, _trained_by_molrg),
    "manifold": Page(_manifold, _read_by_manifold, _trained_by_manifold),
    "linear": Page(_linear, _read_by_linear, _trained_by_linear),
}

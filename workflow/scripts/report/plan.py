"""Print the costs of a study and of its pages before they run: jobs, memory, disk, trainings."""

import contextlib
import itertools
import platform
import sys
import time
from pathlib import Path

import torch

from costs.pages import PAGES
from costs.training import training_cost
from gaussianity.denoisers.acceleration import accelerated
from gaussianity.denoisers.files import load_denoiser
from gaussianity.denoisers.given import random_denoiser
from gaussianity.errors import InputError
from gaussianity.networks.layers import parameter_count
from gaussianity.streams import stream
from gaussianity.universality.verdict.further_data import smallest_difference
from gaussianity.universality.verdict.validity import of_design
from gaussianity.universality.verdict.verdict import level_of

# Of the excess between pools in the default study with 256 training images of a class: from
# cross-entropy with ten classes to mean squared error with four.
DEVIATIONS = (0.002, 0.006)
SECONDS = 5.0  # approximate duration of the measurement


def denoiser_to_measure(study):
    """A denoiser to measure, and whether it is the study's own.

    It is the study's own where a file exists, else a network of random weights. It is None for
    kinds that cannot be measured without running the study.
    """
    own = study.sampling.denoiser
    config, made = own.section, Path(own.file("denoiser"))
    with contextlib.suppress(InputError):  # there is no file yet, or one of an earlier version
        return load_denoiser(made), True
    if config["kind"] == "file" and Path(config["path"]).exists():
        return load_denoiser(config["path"]), True
    if config["kind"] in ("gaussian", "callable", "diffusers"):
        return None, False
    standing_in = random_denoiser(
        study.image_shape,
        own.label_dim,
        sigma_data=config["sigma_data"],
        network=config["network"],
        generator=stream(0, "training"),
        prefix="config: denoiser.",
    )
    return standing_in, False


@torch.no_grad()
def evaluations_per_second(denoiser, batch, device):
    """Evaluations of single images per second in batches, after one batch of warm-up."""
    x = torch.randn(batch, *denoiser.image_shape, device=device, dtype=torch.float64)
    labels = None
    if denoiser.label_dim:
        labels = torch.eye(denoiser.label_dim, device=device)[[0] * batch]

    def seconds(repeats):
        start = time.perf_counter()
        for _ in range(repeats):
            denoised = denoiser(x, 1.0, labels)
        denoised.sum().item()  # waits for the device
        return time.perf_counter() - start

    seconds(1)
    repeats = max(1, round(SECONDS / seconds(1)))
    return batch * repeats / seconds(repeats)


def measured(study, device):
    """Lines of the plan on the time of sampling on this machine."""
    sampling = study.sampling.section
    denoiser, loaded = denoiser_to_measure(study)
    if denoiser is None:
        return [f"no time measured for the denoiser kind {study.sampling.denoiser.kind}"]
    compiled = sampling["compile"] and device == "cuda"  # on a CPU it would take a minute
    accelerated(denoiser, device, precision=sampling["precision"], compiled=compiled)
    # On a CPU the rate hardly depends on the batch, and a large network takes seconds for an image.
    batch = sampling["batch_size"] if device == "cuda" else min(sampling["batch_size"], 512)
    if device == "cpu" and parameter_count(denoiser) > 5e7:
        batch = min(batch, 2)
    torch.set_num_threads(1)  # like a sampling job
    rate = evaluations_per_second(denoiser, batch, device)
    steps = study.sampling.evaluations
    known = study.sampling.denoiser.kind in ("unet", "random")
    network = "its own network" if loaded or known else "an ADM network of denoiser.network's size"
    where = "GPU" if device == "cuda" else "CPU core"
    name = torch.cuda.get_device_name() if device == "cuda" else f"one core, {platform.machine()}"
    images = study.sampling.part.entry["images_per_class"] * len(study.classes)
    return [
        f"measured here ({name}, batch {batch}, {network}): "
        f"{rate:,.2f} evaluations/s = {rate / steps:,.4f} images/s",
        f"sampling at that rate: {images * steps / rate / 3600:,.2f} {where}-hours",
    ]


def amount(size):
    """Bytes as text in MB or GB; empty for less than 1 MB."""
    return "" if size < 1e6 else f"{size / 1e9:,.1f} GB" if size >= 1e9 else f"{size / 1e6:,.0f} MB"


def petaflop(operations):
    """Floating-point operations as text in PFLOP, two digits or more.

    >>> petaflop(2.73e12), petaflop(4.248e17)
    ('0.0027 PFLOP', '425 PFLOP')
    """
    size = operations / 1e15
    return f"{size:,.0f} PFLOP" if size >= 100 else f"{size:.2g} PFLOP"


def of_verdict(study):
    """Lines of the plan on the verdict: what it can see, and what stands in its way."""
    if not study.is_classified:
        yield "no verdict: the study has one class, and a classifier tells classes apart"
        return
    settings, selection = study.config["verdict"], study.config["classifier"]["selection"]
    name = next(iter(study.sources))
    design = study.classifiers.designs[name]
    units, unit = design["units"], design["unit"]
    level = level_of(design, settings["looks"], settings["level"])
    sees = [smallest_difference(units, deviation, level) for deviation in DEVIATIONS]
    yield (
        f"verdict on {name}, {settings['primary_loss']}: {units} {unit}s. It sees with 80 % "
        f"probability whether an excess is beyond or within the margin of {settings['margin']:g}"
    )
    yield (
        f"  if the excess is {sees[0]:.3f} or more away from the margin and differs between "
        f"{unit}s by {DEVIATIONS[0]:g}; {sees[1]:.3f} if by {DEVIATIONS[1]:g}"
    )
    largest = max(study.sources[name]["train_sizes"])
    for subset, entry in study.subsets.items():
        tested = len(entry["classes"]) * (design["images_per_class"] // units)
        if unit == "pool":
            tested = len(entry["classes"]) * design["tested"]
        for obstacle in of_design(name, largest, design, largest, tested, selection):
            yield f"  no verdict on {subset}: {obstacle}"


def lines(study, costs, device):
    """Lines of the plan."""
    shape = " x ".join(str(n) for n in study.image_shape)
    features = f", features of {study.features.module}" if study.features else ""
    classes = f"{len(study.classes)} class{'es' if study.is_classified else ''}"
    head = f"study {study.name}: {classes}, images {shape}{features}"
    yield f"{head} (d = {costs.d:,})"
    for name, source in study.sources.items():
        yield f"  {source['images_per_class']:,} images per class from {name}"
    yield ""
    yield from of_page(costs, "report")
    yield ""
    yield from of_verdict(study)
    if study.sampled:
        each = {sampling.evaluations for sampling in study.samplings.values()}
        yield ""
        yield (
            f"network evaluations: {costs.network_evaluations():,} of single images "
            f"({' or '.join(map(str, sorted(each)))} for each image)"
        )
        yield from measured(study, device)
    for page in PAGES:
        yield ""
        yield f"page {page} (snakemake -- {page}), besides the jobs of the report:"
        yield from of_page(costs, page)
        yield f"{page} without the report: {sum(costs.alone(page).values()):,} jobs"


def of_page(costs, page):
    """Lines on the jobs of a page, and on the networks that they train."""
    yield f"{'rule':28} {'jobs':>7} {'memory of a job':>16} {'disk of all':>12}"
    jobs = costs.jobs(page)
    for rule, count in jobs.items():
        disk = amount(costs.disk(rule))
        yield f"{rule:28} {count:7,} {amount(1e6 * costs.mem_mb(rule)):>16} {disk:>12}"
    disk = amount(sum(costs.disk(rule) for rule in jobs))
    yield f"{'all':28} {sum(jobs.values()):7,} {'':16} {disk:>12}"
    for training in costs.trainings(page):
        parameters, operations = training_cost(training)
        yield (
            f"{training.rule}: networks of {parameters / 1e6:,.2f} million parameters, "
            f"{training.count:,} x {training.images:,} images: {petaflop(operations)}"
        )


def main(*, config, device, screen):
    from configuration.study import Study
    from costs import sampler
    from costs.study import Costs

    study = Study(config, needs_files=False)
    for line in itertools.chain(lines(study, Costs(study), device), sampler.lines(study)):
        print(line, file=screen, flush=True)


if __name__ == "__main__":
    from job import logged, torch_device

    with logged(snakemake.log[0]):
        main(
            config=snakemake.params.config,
            device=torch_device("auto"),  # the machine of a plan may have no GPU
            screen=sys.__stdout__,
        )

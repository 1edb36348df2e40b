"""What was chosen and why, in a few lines, and what would help where images are few."""

import math

from gaussianity.universality.verdict.validity import of_design

SHOWN = 6  # classes that are left out; of more, one less is named
ENOUGH_PER_NUMBER = 2  # images of a class for each number of an image


def reasons(found, study, checked):
    """Sentences on the choices of a study.

    Args:    found - Found; study - its sections; checked - its Study.
    """
    source, classes = study["sources"][0], study["subsets"][-1]["classes"]
    yield from found.remarks
    yield _classes(found, classes)
    yield _images(found, source, classes)
    yield _uses(source, checked)
    rates = ", ".join(f"{rate:g}" for rate in study["classifier"]["learning_rates"])
    yield (
        f"learning rates: {rates}, from the mean square of an image, {found.square:.3g}; "
        f"{study['classifier']['epochs']} epochs"
    )
    yield from _obstacles(study, checked)
    yield per_number(found, source["images_per_class"])


def _classes(found, classes):
    left = [name for name in found.counts if name not in classes]
    said = f"classes: {', '.join(classes)}"
    if not left:
        return f"{said} (all)"
    shown = [
        f"{name} ({found.counts[name]} images)" if found.counts[name] else name for name in left
    ]
    first = shown if len(shown) <= SHOWN else shown[: SHOWN - 1]
    more = f" and {len(shown) - len(first)} others" if len(shown) > len(first) else ""
    return f"{said}; left out: {', '.join(first)}{more}"


def _images(found, source, classes):
    images = source["images_per_class"]
    if found.kind == "denoiser":
        return f"images: {images:,} samples of each class"
    smallest = min(classes, key=found.counts.get)
    if images < found.counts[smallest]:
        return f"images: {images:,} of each class, of {found.counts[smallest]:,} or more"
    return f"images: {images:,} of each class, as many as {smallest} has"


def _uses(source, checked):
    design = checked.classifiers.designs[source["name"]]
    parts = f"{design['units']} {design['unit']}s"
    sizes = ", ".join(map(str, source["train_sizes"]))
    return (
        f"{parts}: {sizes} images of a class for training, {source['validation_size']} for "
        f"validation, {design['tested']:,} for the test"
    )


def _obstacles(study, checked):
    """Why a subset will have no verdict, as far as that is known before any image is read."""
    source = study["sources"][0]
    design, largest = checked.classifiers.designs[source["name"]], max(source["train_sizes"])
    for subset in study["subsets"]:
        tested = len(subset["classes"]) * (source["images_per_class"] // design["units"])
        for obstacle in of_design(source["name"], largest, design, largest, tested, "validation"):
            yield f"no verdict on {subset['name']}: {obstacle}"


def per_number(found, images):
    """Are there enough images for each number of an image; if not, what would help."""
    what = "feature" if found.features else "pixel" if found.shape[0] == 1 else "number of an image"
    ratio = images / found.dimension
    said = f"images of a class for each {what}: {ratio:.2g} (d = {found.dimension:,})"
    if ratio >= ENOUGH_PER_NUMBER:
        return f"{said}, enough for every figure"
    needed = ENOUGH_PER_NUMBER * found.dimension
    helps = [f"{needed:,} images of a class"]
    side = math.isqrt(max(1, images // (ENOUGH_PER_NUMBER * found.shape[0])))
    if found.kind == "images" and not found.features and side >= 4:
        helps.append(f"dataset.resize: {side}")
    if not found.features:
        helps.append("features of a network (docs/features.md)")
    return (
        f"{said}, few: the verdict holds, but spectra and samples of the fitted Gaussian show at "
        f"most {images - 1:,} directions; {_listed(helps)} would help"
    )


def _listed(texts):
    """'a', 'a or b', 'a, b or c'."""
    *first, last = texts
    return f"{', '.join(first)} or {last}" if first else last

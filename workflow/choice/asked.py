"""What a user asks for in one command: images or a denoiser, labels, classes, a name."""

import re
from dataclasses import dataclass
from pathlib import Path

from configuration.schema import ROOT
from gaussianity.errors import InputError

OF_IMAGES = "images", "labels"  # keys of --config that no study file has
SUFFIXES = re.compile(r"(\.[\w-]{1,11})+$")
STUDY = re.compile(r"^study: (\w+)", re.MULTILINE)
KEYS = *OF_IMAGES, "denoiser", "classes", "image_shape"


@dataclass(frozen=True)
class Asked:
    """The arguments of the command, as text.

    kind - "images" or "denoiser"; path - of the images or of the denoiser; labels - path of the
    images' labels; classes - tuple of names, None for those that are found; image_shape - of a
    denoiser whose file does not say it; name - of the study.
    """

    kind: str
    path: str
    name: str
    labels: str | None = None
    classes: tuple | None = None
    image_shape: str | None = None

    @property
    def file(self):
        """The study file, in the folder where snakemake runs."""
        return Path("studies", f"{self.name}.yaml")


def asked_of(given):
    """The Asked in keys and values of --config; None where they ask for nothing.

    Args:    given - dict; the section `denoiser` of a study is no path.
    Raises:  InputError - the keys do not go together.
    """
    found = {key: given[key] for key in KEYS if is_text(given.get(key))}
    kinds = [kind for kind in ("images", "denoiser") if kind in found]
    if not kinds:
        if found:
            key = next(iter(found))
            raise InputError(f"config: {key} must come with images=path or denoiser=path")
        return None
    if len(kinds) > 1:
        raise InputError(
            "config: expected images=path or denoiser=path, found both; for both, write a study "
            "with two sources"
        )
    (kind,) = kinds
    _check_denoiser_keys(kind, found)
    classes = [name.strip() for name in str(found.get("classes", "")).split(",") if name.strip()]
    others = {key: str(found[key]) for key in ("labels", "image_shape") if key in found}
    path = str(found[kind])
    return Asked(kind, path, study_name(given, path), classes=tuple(classes) or None, **others)


def _check_denoiser_keys(kind, found):
    for key, of in (("labels", "images"), ("image_shape", "denoiser")):
        if key in found and kind != of:
            raise InputError(f"config: {key} must come with {of}=path, found {kind}={found[kind]}")


def is_text(value):
    """Is it one value, as --config gives it, and not a section or a list?"""
    return value is not None and not isinstance(value, (dict, list))


def study_name(given, path):
    """The name of the study that is chosen for a path: `study`, where it is given, or a word made
    of the path's last part. The names of the project's own studies are not taken.

    >>> study_name({}, "~/Photos of 2024/"), study_name({}, "mnist.npz")
    ('Photos_of_2024', 'own_mnist')
    """
    if "study" in given:
        return str(given["study"])
    last = path.partition(":")[0] if is_function(path) else SUFFIXES.sub("", Path(path).name)
    word = re.sub(r"[^A-Za-z0-9]+", "_", last).strip("_") or "images"
    return f"own_{word}" if word in own_names() else word


def own_names():
    """Names of the studies of this project."""
    files = [ROOT / "config.yaml", *(ROOT / "workflow/studies").glob("*.yaml")]
    return {name for file in files for name in STUDY.findall(file.read_text())}


def is_function(path):
    """Is it `module:function`?"""
    return re.fullmatch(r"[\w.]+:\w+", path) is not None

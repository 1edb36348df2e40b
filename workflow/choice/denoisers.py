"""A look at a user's denoiser: kind, labels, shape of its images."""

import json
import os
from pathlib import Path

from choice.asked import is_function
from choice.found import Found
from gaussianity.denoisers.descriptions import read_description
from gaussianity.errors import InputError

SAVED = (".safetensors", ".json")
KINDS = (
    "the file of a denoiser (.pkl of NVIDIA's EDM, .safetensors), the folder of a diffusers "
    "pipeline or module:function"
)
SQUARE = 0.25  # mean square of a pixel between 0 and 1


def found_denoiser(asked, keys):
    """The Found of a denoiser.

    Args:    asked - Asked; keys - every key of the section denoiser with its default.
    Raises:  InputError - it is none of the known kinds, or does not say what a study needs.
    """
    path = asked.path if is_function(asked.path) else os.path.expanduser(asked.path)
    look = _look_of(path)
    kind, shape, names, size = look(path, asked)
    saved = kind == "file" and Path(path).suffix in SAVED
    labels = None if saved else _labels(asked.classes, names)
    section = keys | dict(kind=kind, path=path, labels=labels)
    section["image_shape"] = None if saved else list(shape)
    if labels is not None:
        names = list(labels)
    channels, height, width = shape
    square = SQUARE * channels * height * width
    return Found("denoiser", section, dict.fromkeys(names), tuple(shape), square, size=size)


def _look_of(path):
    if is_function(path):
        return _function
    if Path(path, "model_index.json").is_file():
        return _pipeline
    if not Path(path).is_file():
        found = "another folder" if Path(path).is_dir() else "no such file"
        raise InputError(f"{path}: expected {KINDS}, found {found}")
    return _saved if Path(path).suffix in SAVED else _checkpoint


def _saved(path, asked):
    description = read_description(path)
    names = [str(name) for name in description["class_names"]]
    shape = description["arguments"]["image_shape"]
    return "file", shape, _known(path, names), _bytes(Path(path).with_suffix(".safetensors"))


def _checkpoint(path, asked):
    from gaussianity.denoisers.from_edm import read_edm_checkpoint

    try:
        denoiser = read_edm_checkpoint(path)
    except InputError as error:
        raise InputError(f"{error}; expected {KINDS}") from None
    names = [str(label) for label in range(denoiser.label_dim)]
    return "file", denoiser.image_shape, _known(path, names), _bytes(path)


def _pipeline(path, asked):
    file = Path(path, "unet", "config.json")
    if not file.is_file():
        raise InputError(f"{file}: expected the network of a pipeline in pixel space, found none")
    config = json.loads(file.read_text())
    size = config["sample_size"]
    sides = [size, size] if isinstance(size, int) else size
    names = [str(label) for label in range(config.get("num_class_embeds") or 0)]
    weights = sum(_bytes(file) for file in Path(path, "unet").iterdir() if file.is_file())
    return "diffusers", [config["in_channels"], *sides], _known(path, names), weights


def _function(path, asked):
    if asked.image_shape is None or asked.classes is None:
        raise InputError(
            f"{path}: a function does not say its images' shape and classes: add "
            "image_shape=channels,height,width and classes=cat:3,dog:5 (name:label)"
        )
    names = [name.rpartition(":")[2] for name in asked.classes]
    return "callable", shape_of(asked.image_shape), names, 0


def shape_of(text):
    """[C, H, W] of "C,H,W".

    >>> shape_of("3,32,32")
    [3, 32, 32]
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 3 or not all(part.isdecimal() and int(part) for part in parts):
        raise InputError(f"config: image_shape must be channels,height,width, found {text}")
    return [int(part) for part in parts]


def _known(path, names):
    if len(names) < 2:
        raise InputError(
            f"{path}: expected a denoiser of two classes or more, found {len(names)}; a study "
            "compares classes"
        )
    return names


def _labels(classes, names):
    """Class name to label, where the user names labels (cat:3); else None: classes are labels."""
    pairs = [name.rpartition(":") for name in classes or ()]
    if not any(colon for _, colon, _ in pairs):
        return None
    for name, colon, label in pairs:
        if not (name and colon and label in names):
            raise InputError(
                "config: classes must be name:label for each class, with labels "
                f"{names[0]} to {names[-1]}, found {name}{colon}{label}"
            )
    return {name: int(label) for name, _, label in pairs}


def _bytes(path):
    return os.path.getsize(path) if os.path.isfile(path) else 0

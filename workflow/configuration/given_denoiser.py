"""A denoiser that the study is given: its files, its classes' labels and the shape of its images.

Known before any job starts and without torch, from its description or from the configuration.
"""

import importlib.util
import os
import sys
from pathlib import Path

from gaussianity.denoisers.descriptions import read_description
from gaussianity.errors import InputError
from gaussianity.io.other_formats import require_no_other

# kind: what denoiser.path names; the kinds that are not here are made from the dataset.
GIVEN = {
    "file": "a saved denoiser (.safetensors or .json) or a checkpoint of NVIDIA's EDM (.pkl)",
    "callable": "a Python function, module:function",
    "diffusers": "the folder of a diffusers pipeline",
    "random": None,
}
CHECKPOINT = "a checkpoint of NVIDIA's EDM"
SUFFIXES = (".safetensors", ".json", ".pkl")
PUBLIC = "https://nvlabs-fi-cdn.nvidia.com/edm/pretrained/"
SIZES = {"edm-imagenet-64x64-cond-adm.pkl": "about 1.2 GB"}


def require_made(config):
    """Raise an InputError if a key is set that only a given denoiser has.

    Args:    config - config["denoiser"] of a denoiser that is made from the dataset.
    """
    for key in ("path", "labels", "image_shape"):
        if config[key] is not None:
            raise InputError(
                f"config: denoiser.{key} must be null where denoiser.kind is {config['kind']}, "
                f"found {config[key]!r}; a given denoiser has the kind {', '.join(GIVEN)}"
            )


class GivenDenoiser:
    """A denoiser whose kind is in GIVEN, as config["denoiser"] describes it.

    Raises:  InputError - a key that its kind needs is null, or one that it does not take is not.
    """

    def __init__(self, config):
        self.config, self.kind, self.path = config, config["kind"], config["path"]
        if (self.path is None) != (GIVEN[self.kind] is None):
            expected = GIVEN[self.kind] or "null"
            raise InputError(
                f"config: denoiser.path must be {expected} where denoiser.kind is {self.kind}, "
                f"found {self.path or 'null'}"
            )
        if self.kind == "file" and Path(self.path).suffix not in SUFFIXES:
            raise InputError(f"config: denoiser.path must be {GIVEN['file']}, found {self.path}")
        self.saved = self.kind == "file" and not self.path.endswith(".pkl")
        for key in ("labels", "image_shape"):
            if self.saved and config[key] is not None:
                raise InputError(
                    f"config: denoiser.{key} must be null for the saved denoiser {self.path}, "
                    "whose description says it"
                )
        if config["image_shape"] is None and not self.saved:
            raise InputError(
                f"config: denoiser.image_shape must be [channels, height, width] where "
                f"denoiser.kind is {self.kind}, found null"
            )

    @property
    def files(self):
        """The files that the study's denoiser is made from, which must exist."""
        if self.kind == "random":
            return []
        if self.kind == "callable":
            return [module_file(self.path, "denoiser.path")]
        if self.kind == "diffusers":
            _required(str(Path(self.path, "model_index.json")), "a diffusers pipeline")
            return sorted(str(file) for file in Path(self.path).rglob("*") if file.is_file())
        if self.saved:
            stem = self.path.removesuffix(".json").removesuffix(".safetensors")
            return [_required(stem + end, "a saved denoiser") for end in (".safetensors", ".json")]
        require_no_other(_required(self.path, CHECKPOINT), CHECKPOINT)
        return [self.path]

    @property
    def weights(self):
        """The file that holds the network's weights, for its size; None where there is no one."""
        if self.kind != "file":
            return None
        return self.path.replace(".json", ".safetensors") if self.saved else self.path

    @property
    def image_shape(self):
        """(C, H, W)."""
        if self.saved:
            return tuple(read_description(self.path)["arguments"]["image_shape"])
        return tuple(self.config["image_shape"])

    def labels(self, classes):
        """Dict of the denoiser's class names to their labels.

        If the denoiser has no class names, the names in `classes` are the numbers of the labels.
        """
        if self.saved:
            names = read_description(self.path)["class_names"]
            if not names and len(classes) == 1:  # it is unconditional
                return dict.fromkeys(classes)
            return {name: label for label, name in enumerate(names)}
        if self.config["labels"] is not None:
            return {str(name): label for name, label in self.config["labels"].items()}
        named = sorted(name for name in classes if not name.isdecimal())
        if named:
            raise InputError(
                f"config: denoiser.labels must say which label each class has, found null; without "
                f"it classes are label numbers, not {', '.join(named)}"
            )
        if max(int(name) for name in classes) > 4095:
            raise InputError(
                f"config: subsets: label numbers must be at most 4095, found "
                f"{max(classes, key=int)}"
            )
        return {name: int(name) for name in sorted(classes, key=int)}


def _required(path, expected):
    """The path.

    Raises:  InputError - the file is missing; the message contains the public address, if known.
    """
    if os.path.isfile(path):
        return path
    name = Path(path).name
    where = ""
    if name.startswith("edm-") and name.endswith(".pkl"):
        size = f" ({SIZES[name]})" if name in SIZES else ""
        where = f"; download {PUBLIC}{name}{size} and put it there, or set denoiser.path"
    raise InputError(f"{path}: expected {expected}, found no such file{where}")


def module_file(name, key):
    """The file of the module in `module:function`, which the configuration's key names, found
    without running the function's module."""
    module, colon, function = name.partition(":")
    if not (module and colon and function):
        raise InputError(f"config: {key} must be module:function, found {name}")
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    try:
        found = importlib.util.find_spec(module)
    except (ImportError, ValueError) as error:
        raise InputError(f"config: {key} {name}: cannot find {module}: {error}") from None
    if found is None or not found.origin:
        raise InputError(
            f"config: {key} {name}: expected a Python module {module} that can be imported from "
            f"{os.getcwd()}, found none"
        )
    return os.path.relpath(found.origin)


def own_code(name, key):
    """[`module_file`] if the file is in the project, [] if it is in an installed package."""
    file = Path(module_file(name, key))
    in_project = file.is_file() and file.resolve().is_relative_to(Path.cwd())
    return [str(file)] if in_project else []

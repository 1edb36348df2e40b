"""Denoisers on disk: tensors in a .safetensors file, a description in a .json file beside it."""

import json
from pathlib import Path

import safetensors
import safetensors.torch

from gaussianity.denoisers.arguments import require_device
from gaussianity.denoisers.descriptions import FORMAT, read_description
from gaussianity.denoisers.from_diffusers import DiffusersDenoiser
from gaussianity.denoisers.from_function import CallableDenoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.denoisers.low_rank import PosteriorMeanDenoiser
from gaussianity.denoisers.unet import UNetDenoiser
from gaussianity.errors import InputError
from gaussianity.io.files import replacing
from gaussianity.io.seals import close_seal, open_seal, require_seal


def save_denoiser(denoiser, path, class_names=()):
    """Write `path` (.safetensors) and its description, the same name ending in .json.

    Args:    denoiser - of a kind in KINDS; class_names - of the labels in order; the labels'
             numbers where no names are given.
    Raises:  InputError - another kind of denoiser or path; ValueError - the number of names is not
             the number of labels.
    """
    path = _path(path)
    if path.suffix != ".safetensors":
        raise InputError(f"{path}: expected a path ending in .safetensors")
    if getattr(denoiser, "kind", None) not in KINDS:
        raise InputError(
            f"denoiser: expected one of the kinds {', '.join(KINDS)}, found a "
            f"{type(denoiser).__name__}"
        )
    class_names = list(class_names) or numbered(denoiser.label_dim)
    if denoiser.label_dim and len(class_names) != denoiser.label_dim:
        raise ValueError(f"expected {denoiser.label_dim} class names, found {len(class_names)}")
    tensors = {name: tensor.contiguous() for name, tensor in denoiser.state_dict().items()}
    description = dict(
        format=FORMAT,
        kind=denoiser.kind,
        class_names=class_names,
        arguments=denoiser.arguments,
        seal=open_seal(path.with_suffix(".json")),
    )
    with replacing(path) as temporary:
        safetensors.torch.save_file(tensors, temporary, metadata={"seal": open_seal(path)})
        close_seal(temporary)
    with replacing(path.with_suffix(".json")) as temporary:
        temporary.write_text(json.dumps(description, indent=2) + "\n")
        close_seal(temporary)


def _path(path):
    if not isinstance(path, (str, Path)):
        raise InputError(f"path: expected the path of a file, found {path!r}")
    return Path(path)


def numbered(label_dim):
    """Names of labels that are their numbers."""
    return [str(label) for label in range(label_dim)]


def load_denoiser(path, device="cpu", *, named=False):
    """A saved denoiser or NVIDIA's EDM checkpoint, in evaluation mode.

    Args:    path - of the .safetensors, the .json or a checkpoint's .pkl; device - cpu or cuda;
             named - whether the files must be at the path where they were written.
    Returns: a torch module D; D(x, sigma, class_labels) with x (n, C, H, W), sigma scalar or (n,),
             class_labels one-hot (n, classes) or None; D.class_names are the names of the labels.
    Raises:  InputError - a file is missing or damaged; tensors and description do not fit together;
             a checkpoint contains something that could run code.
    """
    require_device(device)
    if _path(path).suffix == ".pkl":
        from gaussianity.denoisers.from_edm import read_edm_checkpoint

        denoiser = read_edm_checkpoint(path)
        denoiser.class_names = numbered(denoiser.label_dim)
        return denoiser.to(device)
    description = read_description(path, named=named)
    if description["kind"] not in KINDS:
        raise InputError(
            f"{path}: kind must be one of {', '.join(KINDS)}, found {description['kind']!r}"
        )
    path = Path(path).with_suffix(".safetensors")
    if not path.is_file():
        raise InputError(f"{path}: expected the denoiser's tensors, found no such file")
    require_seal(path, named=named)
    try:
        denoiser = KINDS[description["kind"]](**description["arguments"])
        denoiser.load_state_dict(safetensors.torch.load_file(path))
    except (safetensors.SafetensorError, OSError) as error:
        raise InputError(f"{path}: expected a safetensors file: {error}") from None
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        sentence = " ".join(str(error).split())
        raise InputError(f"{path}: tensors and description do not fit: {sentence}") from None
    denoiser.class_names = description["class_names"]
    return denoiser.to(device).eval().requires_grad_(False)


KINDS = {
    kind.kind: kind
    for kind in (
        UNetDenoiser,
        GaussianDenoiser,
        CallableDenoiser,
        DiffusersDenoiser,
        PosteriorMeanDenoiser,
    )
}

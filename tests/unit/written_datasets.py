"""Small datasets, written byte by byte in the form of each reader."""

import gzip
import struct

import numpy as np
import PIL.Image

IMAGES = np.arange(30, dtype=np.uint8).reshape(5, 3, 2)
LABELS = np.array([7, 10, 7, 9, 10], dtype=np.uint8)
COLOUR = np.arange(90, dtype=np.uint8).reshape(5, 3, 3, 2)


def idx(array):
    header = b"\0\0\x08" + struct.pack(f">B{array.ndim}I", array.ndim, *array.shape)
    return header + array.tobytes()


def write_idx(folder, images=None, labels=None, suffix=""):
    """Arguments of the idx reader, for files with these bytes."""
    pack = gzip.compress if suffix == ".gz" else bytes
    path, path_of_labels = folder / f"images{suffix}", folder / f"labels{suffix}"
    path.write_bytes(pack(idx(IMAGES)) if images is None else images)
    path_of_labels.write_bytes(pack(idx(LABELS)) if labels is None else labels)
    return "idx", path, path_of_labels


def write_arrays(folder, **changed):
    """Arguments of the npz reader; None leaves an array out."""
    arrays = dict(images=IMAGES, labels=LABELS) | changed
    np.savez(folder / "set.npz", **{name: a for name, a in arrays.items() if a is not None})
    return "npz", folder / "set.npz"


def write_folder(folder, images=IMAGES, labels=LABELS, mode=None):
    """Arguments of the folder reader, image i in <label>/<i>.png."""
    for i, (image, label) in enumerate(zip(images, labels, strict=True)):
        file = folder / "set" / str(label) / f"{i}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(image).convert(mode).save(file)
    return "folder", folder / "set"


def named_labels(data):
    return [data.class_names[k] for k in data.labels]

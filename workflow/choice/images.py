"""A look at a user's images: reader, classes, shape, range of the values."""

import contextlib
import io
import math

import numpy as np

from choice.found import Found
from gaussianity.data.datasets import READERS, GivenDataset, find_reader
from gaussianity.data.readers.image_files.reader import ImageFiles
from gaussianity.errors import InputError

SIDE = 32  # pixels, of images that are scaled
MOST_NUMBERS = 3072  # of an image, 32 x 32 in colour: above it, covariances take hours
MOST_OPENED = 10_000  # image files that are all opened, to see whether they are grey
SAMPLE = 256  # images whose values are looked at
RANGES = ([0, 1], [-1, 1], [0, 255])


def found_images(path, labels, keys):
    """The Found of a file or folder of images.

    Args:    labels - path of the labels, or None; keys - every key of the section dataset with its
             default, and those that the user sets.
    Raises:  InputError - no reader knows it, or it has images of no known range.
    """
    name = find_reader(path, labels)
    if labels is None and "labels" in READERS[name].takes:
        raise InputError(
            f"{path}: expected labels beside the images, found none: add LABELS=path to make or "
            f"labels=path to --config, the path of {READERS[name].takes['labels']}"
        )
    section = keys | dict(reader=name, path=path, labels=labels)
    remarks = []
    with contextlib.redirect_stdout(io.StringIO()):  # what readers log
        counts = GivenDataset(**section).class_counts()
        _set_channels(section, sum(counts.values()), remarks)
        shape = _shape(section, remarks)
        given = GivenDataset(**section)  # with the size that was chosen
        features = given.is_features()
        section["range"], mean_square = _sampled(given, section, counts, features, remarks)
    square = mean_square * math.prod(shape)
    return Found("images", section, counts, shape, square, features, remarks=remarks)


def _set_channels(section, total, remarks):
    """`channels` is set to grey where all images have three equal channels."""
    reader = GivenDataset(**section).reader
    opened = issubclass(type(reader), ImageFiles)
    if section["channels"] is not None or (opened and total > MOST_OPENED):
        return
    if all(_is_grey_in_colour(batch) for batch in reader.batches(np.arange(total))):
        section["channels"] = "grey"
        remarks.append(
            "the images are grey: their three channels are equal, and one is kept "
            "(dataset.channels)"
        )


def _is_grey_in_colour(batch):
    return batch.ndim == 4 and batch.shape[1] == 3 and (batch == batch[:, :1]).all()


def _shape(section, remarks):
    """(C, H, W) of the images; `resize` is set where they are too large or of several sizes."""
    try:
        shape = GivenDataset(**section).image_shape()
    except InputError:
        if section["resize"] is not None:
            raise
        section["resize"] = SIDE
        shape = GivenDataset(**section).image_shape()  # another mistake is raised again
        remarks.append(f"the images have several sizes: all are scaled to {SIDE} x {SIDE} pixels")
        return shape
    channels, height, width = shape
    if height * width == 1 or channels * height * width <= MOST_NUMBERS:
        return shape
    if section["resize"] is None:
        section["resize"] = SIDE
        remarks.append(
            f"the images are scaled from {width} x {height} to {SIDE} x {SIDE} pixels, because "
            f"more than {MOST_NUMBERS:,} numbers an image take hours (dataset.resize)"
        )
    return GivenDataset(**section).image_shape()


def _sampled(given, section, counts, features, remarks):
    """The range of the values, as dataset.range has it, and the mean square of the numbers of a
    sample, with black 0 and white 1."""
    total = sum(counts.values())
    numbers = np.unique(np.linspace(0, total - 1, min(SAMPLE, total)).astype(int))
    batches = [batch.reshape(len(batch), -1) for batch in given.reader.batches(numbers)]
    values = np.concatenate(batches).astype(np.float64)
    if batches[0].dtype == np.uint8:
        return section["range"], np.mean((values / 255) ** 2)
    if features or section["range"] is not None:
        low, high = (0, 1) if features else section["range"]
        return section["range"], np.mean(((values - low) / (high - low)) ** 2)
    return _in_range(section["path"], values, batches[0].dtype.kind == "f", remarks)


def _in_range(path, values, are_floats, remarks):
    """The first of RANGES that holds the values, null for floats in the first; the mean square."""
    lowest, highest = values.min(), values.max()
    for low, high in RANGES:
        slack = 0.01 * (high - low)
        if low - slack <= lowest and highest <= high + slack:
            is_usual = are_floats and (low, high) == (0, 1)
            if not is_usual:
                remarks.append(
                    f"the values are between {lowest:g} and {highest:g}: {low} is taken as black "
                    f"and {high} as white (dataset.range)"
                )
            declared = None if is_usual else [low, high]
            return declared, np.mean(((values - low) / (high - low)) ** 2)
    raise InputError(
        f"{path}: expected values in one of {', '.join(map(str, RANGES))}, found {lowest:g} to "
        f"{highest:g}; say which values are black and white, dataset='{{range: [{lowest:g}, "
        f"{highest:g}]}}'"
    )

"""What readers of image files share: decoding in parallel, and one shape for all images."""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

import numpy as np

from gaussianity.data.pixels import CHANNELS, resized
from gaussianity.data.readers.decoding import decoded, header
from gaussianity.data.readers.reader import Reader, batch_size
from gaussianity.errors import InputError
from gaussianity.io.remembered import remembered

THREADS = min(8, os.cpu_count() or 1)
TOGETHER = 64  # images that a thread decodes at a time
SMALL = 64 * 64  # pixels up to which Python, not the decoder, takes the time: one thread is faster
HEADERS = 1000  # of images from which their common shape is taken; the others are compared later


class Listing(NamedTuple):
    """What a dataset has: names of the n images, in the order in which they are read; class_names;
    positions - int64 (n,), of each image's class among them."""

    names: list
    class_names: tuple
    positions: np.ndarray


class ImageFiles(Reader):
    """Images in files of PNG, JPEG and the like. A subclass has `listing`, `contents`, `stamp`.

    Args:    side - pixels of both sides, to which each image's central square is scaled; None where
             all images have one size; channels - grey or rgb, or None: grey if all images are.
    """

    def __init__(self, path=None, labels=None, background=None, side=None, channels=None):
        super().__init__(path, labels, background)
        self.side, self.channels = side, channels
        self._listing = None

    def listing(self):
        """The Listing of the dataset."""
        raise NotImplementedError

    def contents(self, numbers):
        """The bytes of the images with these numbers, which rise, or the paths of their files."""
        raise NotImplementedError

    def stamp(self):
        """What changes where the images or their classes do: plain values."""
        return files_stamp(self.files())

    def sample(self, numbers):
        """Numbers of images from which the common shape is taken: some of all parts."""
        return numbers[:: -(-len(numbers) // HEADERS)]

    def name_of(self, number):
        """The name of an image in errors."""
        return f"{self.given['path']}: {self.known().names[number]}"

    def known(self):
        """`listing`, found once."""
        if self._listing is None:
            self._listing = self.listing()
        return self._listing

    def labels(self):
        """See `Reader.labels`."""
        return self.known().class_names, self.known().positions

    def class_counts(self):
        """See `Reader.class_counts`. Kept between runs: some archives have no table of content."""
        count = super().class_counts
        return dict(self._kept("class_counts", lambda: list(count().items())))

    def image_shape(self, classes=None):
        """Shape of the images, from the headers of at most 1,000 of them.

        Images are grey if all are; otherwise all have three channels. `batches` refuses an image of
        another shape.

        Args:    classes - names of the classes that count; None for all.
        """
        wanted = None if classes is None else sorted(classes)
        return tuple(self._kept(["image_shape", wanted], lambda: self._common_shape(classes)))

    def batches(self, numbers):
        """See `Reader.batches`."""
        names, positions = self.labels()
        shape = self.image_shape({names[k] for k in np.unique(positions[numbers])})
        grey, contents = 0, zip(numbers, self.contents(numbers), strict=True)
        with ThreadPoolExecutor(THREADS if np.prod(shape[1:]) > SMALL else 1) as pool:
            while batch := list(islice(contents, batch_size(shape, 1))):
                images = np.empty((len(batch), *shape), dtype=np.uint8)
                parts = [slice(start, start + TOGETHER) for start in range(0, len(batch), TOGETHER)]
                work = [(batch[part], images[part]) for part in parts]
                grey += sum(pool.map(self._decode, *zip(*work, strict=True)))
                yield images
        if shape[0] == 3 and grey and self.channels is None:
            print(f"{grey:,} of {len(numbers):,} images are grey and are taken as colour")

    def _decode(self, batch, images):
        """Fill in the pixels of images; the number of grey ones."""
        grey = 0
        for (number, content), target in zip(batch, images, strict=True):
            name = self.name_of(number)
            image, is_grey = decoded(name, content, self.background, len(target))
            if not is_grey and len(target) == 1 and self.channels is None:
                raise InputError(
                    f"{name}: expected a grey image, as those read first are, found colour; set "
                    "dataset.channels to rgb or grey"
                )
            if self.side is not None:
                image = resized(image[None], self.side)[0]
            elif image.shape != target.shape:
                raise _another_size(name, image.shape, "others have", target.shape)
            target[...] = image
            grey += is_grey
        return grey

    def _common_shape(self, classes):
        names, positions = self.labels()
        wanted = [k for k, name in enumerate(names) if classes is None or name in classes]
        sample = self.sample(np.flatnonzero(np.isin(positions, wanted)))
        called = [self.name_of(number) for number in sample]
        with ThreadPoolExecutor(THREADS) as pool:
            given = [self.background] * len(sample)
            shapes = list(pool.map(header, called, self.contents(sample), given))
        for name, shape in zip(called, shapes, strict=True):
            if self.side is None and shape[1:] != shapes[0][1:]:
                raise _another_size(name, shape, f"{called[0]} has", shapes[0])
        channels = 1 if all(shape[0] == 1 for shape in shapes) else 3
        sides = shapes[0][1:] if self.side is None else [self.side] * 2
        return [CHANNELS.get(self.channels, channels), *sides]

    def _kept(self, what, find):
        options = [self.background, self.side, self.channels]
        return remembered([type(self).__name__, self.given, self.stamp(), options, what], find)


def files_stamp(files):
    """Names, sizes and times of files."""
    found = [(str(file), os.stat(file)) for file in files]
    return [[name, stat.st_size, stat.st_mtime_ns] for name, stat in found]


def _another_size(name, found, of, expected):
    return InputError(
        f"{name}: expected images of one size, {_size(expected)} as {of}, found {_size(found)}; "
        "set dataset.resize to scale all images"
    )


def _size(shape):
    return f"{shape[2]} x {shape[1]} pixels"

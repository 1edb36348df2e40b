"""What readers of image files share: decoding in parallel, and one shape for all images."""

import functools
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

import numpy as np

from gaussianity.data.pixels import CHANNELS, scaled_square
from gaussianity.data.readers.reader import Reader, batch_size
from gaussianity.errors import InputError
from gaussianity.io.remembered import remembered

THREADS = min(8, os.cpu_count() or 1)
SMALL = 64 * 64  # pixels up to which Python takes half of the time, which threads cannot share
THREADS_OF_SMALL, TOGETHER = min(2, THREADS), 64  # images that a thread decodes at a time
CONTENT_BYTES = 32e6  # of packed images that are held in memory at a time
HEADERS = 1000  # of images from which their common shape is taken; the others are compared later


class Listing(NamedTuple):
    """What a dataset has: names of the n images, in the order in which they are read; class_names;
    positions - int64 (n,), of each image's class among them."""

    names: list
    class_names: tuple
    positions: np.ndarray


class ImageFiles(Reader):
    """Images in files of PNG, JPEG and the like. A subclass has `listing`, `contents`, `stamp`."""

    def __init__(self, *given, **options):
        super().__init__(*given, **options)
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
        """See `Reader.image_shape`. It comes from the headers of at most 1,000 images.

        Images are grey if all are; otherwise all have three channels. `batches` refuses an image of
        another shape.
        """
        wanted = None if classes is None else sorted(classes)
        return tuple(self._kept(["image_shape", wanted], lambda: self._common_shape(classes)))

    def batches(self, numbers):
        """See `Reader.batches`."""
        names, positions = self.labels()
        shape = self.image_shape({names[k] for k in np.unique(positions[numbers])})
        grey, contents = 0, zip(numbers, self.contents(numbers), strict=True)
        is_small = np.prod(shape[1:]) <= SMALL
        threads = THREADS_OF_SMALL if is_small and self.side is None else THREADS
        with ThreadPoolExecutor(threads) as pool:
            begin = functools.partial(self._begun, pool, contents, shape, is_small)
            batch = begin()
            while batch is not None:
                images, parts = batch
                batch = begin()  # decoded while the caller has the first
                grey += sum(part.result() for part in parts)
                yield images
        if shape[0] == 3 and grey and self.channels is None:
            print(f"{grey:,} of {len(numbers):,} images are grey and are taken as colour")

    def _begun(self, pool, contents, shape, is_small):
        """The array of the next batch, and the futures of its parts; None after the last batch."""
        batch, together = next_contents(contents, batch_size(shape, 1)), TOGETHER if is_small else 1
        if not batch:
            return None
        images = np.empty((len(batch), *shape), dtype=np.uint8)
        parts = [slice(start, start + together) for start in range(0, len(batch), together)]
        return images, [pool.submit(self._decode, batch[part], images[part]) for part in parts]

    def _decode(self, batch, pixels):
        """Fill in the pixels of images; the number of grey ones."""
        from gaussianity.data.readers.image_files.decoding import decoded, fill

        images, grey = [], 0
        for number, content in batch:
            name = self.name_of(number)
            image, is_grey = decoded(name, content, self.background, pixels.shape[1])
            if not is_grey and pixels.shape[1] == 1 and self.channels is None:
                raise InputError(
                    f"{name}: expected a grey image, as those read first are, found colour; set "
                    "dataset.channels to rgb or grey"
                )
            if self.side is not None:
                image = scaled_square(image, self.side)
            elif image.size != pixels.shape[:1:-1]:
                raise _another_size(name, image.size[::-1], "others have", pixels.shape[2:])
            images.append(image)
            grey += is_grey
        fill(pixels, images)
        return grey

    def _common_shape(self, classes):
        from gaussianity.data.readers.image_files.decoding import header

        names, positions = self.labels()
        wanted = [k for k, name in enumerate(names) if classes is None or name in classes]
        sample = self.sample(np.flatnonzero(np.isin(positions, wanted)))
        called = [self.name_of(number) for number in sample]
        given = zip(called, self.contents(sample), strict=True)
        shapes = [header(name, content, self.background) for name, content in given]
        for name, shape in zip(called, shapes, strict=True):
            if self.side is None and shape[1:] != shapes[0][1:]:
                raise _another_size(name, shape[1:], f"{called[0]} has", shapes[0][1:])
        channels = 1 if all(shape[0] == 1 for shape in shapes) else 3
        sides = shapes[0][1:] if self.side is None else [self.side] * 2
        return [CHANNELS.get(self.channels, channels), *sides]

    def _kept(self, what, find):
        options = [self.background, self.side, self.channels]
        return remembered([type(self).__name__, self.given, self.stamp(), options, what], find)


def next_contents(contents, most):
    """The next pairs of number and content: at most so many, and about 32 MB of bytes."""
    found, size = [], 0
    for number, content in islice(contents, most):
        found.append((number, content))
        size += len(content) if isinstance(content, bytes) else 0
        if size >= CONTENT_BYTES:
            break
    return found


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
    return f"{shape[1]} x {shape[0]} pixels"

"""What readers of image files share: decoding in parallel, and one shape for all images."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from gaussianity.data.pixels import resized
from gaussianity.data.readers.decoding import decoded, header
from gaussianity.data.readers.reader import Reader, batch_size, sorted_classes
from gaussianity.errors import InputError
from gaussianity.io.remembered import remembered

THREADS = min(8, os.cpu_count() or 1)


@dataclass(frozen=True)
class Entry:
    """One image: its name for errors, its class, and what tells that it changed."""

    name: str
    image_class: str
    stamp: tuple


class ImageFiles(Reader):
    """Images in files of PNG, JPEG and the like. A subclass has `entries` and `content`.

    Images of several sizes need `side`: each is cropped to its central square and scaled.
    """

    def __init__(self, path=None, labels=None, background=None, side=None):
        super().__init__(path, labels, background)
        self.side = side
        self._entries = None

    def entries(self):
        """All images as a list of Entry, in the order of their classes."""
        raise NotImplementedError

    def content(self, entry):
        """The bytes of an image, or the path of its file."""
        raise NotImplementedError

    def known(self):
        """`entries`, found once."""
        if self._entries is None:
            self._entries = self.entries()
        return self._entries

    def labels(self):
        """See `Reader.labels`."""
        return sorted_classes(np.array([entry.image_class for entry in self.known()]))

    def image_shape(self, classes=None):
        """Shape of the images, all of which must have it, from the headers of their files.

        Images are grey if all are; otherwise all have three channels.

        Args:    classes - names of the classes that count; None for all.
        """
        chosen = [e for e in self.known() if classes is None or e.image_class in classes]
        key = [type(self).__name__, self.given, self.side, [[e.name, *e.stamp] for e in chosen]]
        channels, height, width = remembered(key, lambda: self._common_shape(chosen))
        if self.side is not None:
            height = width = self.side
        return channels, height, width

    def batches(self, numbers):
        """See `Reader.batches`."""
        entries = [self.known()[number] for number in numbers]
        channels, *sides = self.image_shape({entry.image_class for entry in entries})
        size = batch_size((channels, *sides), 1)

        def read(entry):
            image = decoded(entry.name, self.content(entry), self.background, channels)
            return image if self.side is None else resized(image[None], self.side)[0]

        with ThreadPoolExecutor(THREADS) as pool:
            for start in range(0, len(entries), size):
                yield np.stack(list(pool.map(read, entries[start : start + size])))

    def _common_shape(self, entries):
        grey, first = [], None
        with ThreadPoolExecutor(THREADS) as pool:
            shapes = pool.map(lambda entry: header(entry.name, self.content(entry)), entries)
            for entry, shape in zip(entries, shapes, strict=True):
                first = first or (entry, shape)
                grey.append(shape[0] == 1)
                if self.side is None and shape[1:] != first[1][1:]:
                    raise InputError(
                        f"{entry.name}: expected images of one size, {_size(first[1])} as "
                        f"{first[0].name} has, found {_size(shape)}; set dataset.resize to scale "
                        "all images"
                    )
        if any(grey) and not all(grey):
            print(f"{sum(grey):,} of {len(grey):,} images are grey and are taken as colour")
        return [1 if all(grey) else 3, *first[1][1:]]


def _size(shape):
    return f"{shape[2]} x {shape[1]} pixels"

"""Reader of tensors that torch.save wrote; nothing in the file is executed."""

from typing import ClassVar

from gaussianity.data.readers.label_arrays import classes_of
from gaussianity.data.readers.npz import NAMES
from gaussianity.data.readers.reader import ArrayReader
from gaussianity.errors import InputError


class TorchFile(ArrayReader):
    """A dict with images and labels under one of the names of `npz.NAMES`, or a pair of both."""

    takes: ClassVar = {"path": "a file of torch.save with images and labels"}

    @classmethod
    def recognises(cls, path, labels=None):
        """See `Reader.recognises`."""
        return str(path).endswith((".pt", ".pth")) and len(_read(path)) == 2

    def array(self):
        """See `ArrayReader.array`."""
        return _read(self.argument("path"))[0]

    def labels(self):
        """See `Reader.labels`."""
        path = self.argument("path")
        return classes_of(path, _read(path)[1])


def _read(path):
    """Images and labels of the file, as arrays."""
    import torch

    try:
        found = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except FileNotFoundError:
        raise InputError(f"{path}: expected a file of torch.save, found no such file") from None
    except Exception as error:  # a damaged file raises errors of many kinds
        said = str(error).splitlines()[0]
        raise InputError(f"{path}: expected tensors that torch.save wrote: {said}") from None
    if isinstance(found, dict):
        names = next((pair for pair in NAMES if set(pair) <= found.keys()), None)
        if names is None:
            raise InputError(
                f"{path}: expected the tensors images and labels, found "
                f"{', '.join(map(str, list(found)[:8]))}"
            )
        found = tuple(found[name] for name in names)
    if not (
        isinstance(found, list | tuple) and len(found) == 2 and all(map(torch.is_tensor, found))
    ):
        raise InputError(f"{path}: expected a pair of tensors, images and labels, found another")
    return tuple(
        tensor.float().numpy() if tensor.dtype == torch.bfloat16 else tensor.numpy()
        for tensor in found
    )

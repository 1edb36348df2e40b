"""Reader of pickles of tensors that runs no code of the file.

A pickle is a program that may call any function by name. This reader admits only the names in the
table of `_Reader.__init__`. Each name is replaced by a function of this module that builds plain
data. The file therefore never calls NumPy, torch or the source text embedded in NVIDIA's files.
"""

import functools
import io
import math
import pickle
import pickletools
import re
import struct
import typing
import warnings
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from gaussianity.errors import InputError
from gaussianity.io.other_formats import require_no_other

NUMBERS = "biufc"  # kinds of NumPy types that hold plain numbers


@dataclass
class Record:
    """Description of an object that is not constructed: name of its class, and its state."""

    class_name: str
    state: dict = field(default_factory=dict)

    def __setstate__(self, state):
        self.state = _checked(state, dict, "the state of an object")


def read_pickle(path):
    """Content of a pickle of containers, numbers, arrays, tensors and persistence records.

    Args:    path - the file.
    Returns: the object. Modules and NVIDIA's persistent objects are Records; tensors are on the
             CPU.
    Raises:  InputError - the file is missing or damaged, or it names a global that is not admitted.
             Nothing in the file has been executed.
    """
    try:
        require_no_other(path, "a pickle")
        with open(path, "rb") as file:
            return load_pickle(path, file)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{path}: expected a pickle, found no such file") from None
    except OSError as error:
        raise InputError(f"{path}: expected a readable pickle: {error}") from None


def load_pickle(path, file, encoding="ASCII"):
    """Content of an open pickle; see `read_pickle`.

    Args:    path - its name, for errors; file - binary; encoding - of the texts of Python 2, latin1
             where arrays are among them.
    """
    try:
        return _Reader(file, encoding=encoding).load()
    except _Refused as refused:
        raise InputError(
            f"{path}: expected a pickle of tensors and containers, found the global {refused}, "
            "which is refused since it might run code; nothing was executed"
        ) from None
    except Exception as error:  # a damaged pickle raises errors of many kinds
        sentence = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{path}: expected a readable pickle: {sentence}") from None


class _Refused(Exception):
    """A pickle names a global that is not admitted."""


class _Reader(pickle._Unpickler):
    """Subclass of pickle's reader in Python.

    In contrast to the reader in C, its opcodes can be restricted, and its memo is a dict, which
    takes no memory for a large index.
    """

    dispatch: typing.ClassVar = dict(pickle._Unpickler.dispatch)

    def __init__(self, file, encoding="ASCII"):
        super().__init__(file, encoding=encoding)
        self.tuples, self.kept = {}, []
        array_names = ("numpy.core.multiarray", "numpy._core.multiarray")  # numpy 1, numpy 2
        container = "torch.nn.modules.container"
        self.admitted = {
            ("torch_utils.persistence", "_reconstruct_persistent_obj"): self._persistent,
            ("dnnlib.util", "EasyDict"): dict,
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): self._tensor,
            ("torch._utils", "_rebuild_parameter"): self._parameter,
            ("torch.storage", "_load_from_bytes"): self._storage,
            ("torch", "Size"): self._size,
            ("_codecs", "encode"): self._bytes,
            ("builtins", "bytes"): self._no_bytes,
            ("__builtin__", "bytes"): self._no_bytes,
            ("numpy.core.numeric", "_frombuffer"): self._frombuffer,
            ("numpy._core.numeric", "_frombuffer"): self._frombuffer,
            ("numpy", "dtype"): _Dtype,
            ("numpy", "ndarray"): _Array,
            **{(module, "scalar"): self._scalar for module in array_names},
            **{(module, "_reconstruct"): _Array for module in array_names},
            **{
                (module, name): kind
                for module in ("builtins", "__builtin__")
                for name, kind in self._containers()
            },
            **{
                (container, name): self._module(name)
                for name in ("ModuleDict", "ModuleList", "Sequential")
            },
        }

    def find_class(self, module, name):
        if (module, name) not in self.admitted:
            raise _Refused(ascii(f"{module}.{name}"[:200])[1:-1])
        return self.admitted[module, name]

    def load_build(self):
        """Set the state of objects of this module only, never of torch's objects or of classes."""
        state = self.stack.pop()
        if not isinstance(self.stack[-1], (Record, _Dtype, _Array)):
            raise ValueError(f"a {type(self.stack[-1]).__name__} is given a state")
        self.stack[-1].__setstate__(state)

    dispatch[pickle.BUILD[0]] = load_build

    def _load_tuple(self, load):
        """Load a tuple; its depth and its total size are limited, so that it can be hashed."""
        load(self)
        made = self.stack[-1]
        inner = [self.tuples.get(id(item), (0, 1)) for item in made]
        depth, size = 1 + max((d for d, _ in inner), default=0), 1 + sum(s for _, s in inner)
        if depth > 100 or size > 100_000:
            raise ValueError("tuples are nested too deep")
        self.tuples[id(made)] = depth, size
        self.kept.append(made)  # so that its id stays its own

    def _load_items(self, load, marked):
        """Put items into a container; refuse a tensor or another object."""
        target = self.metastack[-1][-1] if marked else self.stack[-2 if marked is None else -3]
        if type(target) not in (list, dict, set, OrderedDict):
            raise ValueError(f"items are put into a {type(target).__name__}")
        load(self)

    for code in (pickle.TUPLE, pickle.TUPLE1, pickle.TUPLE2, pickle.TUPLE3):
        dispatch[code[0]] = functools.partial(_load_tuple, load=dispatch[code[0]])
    for code, marked in (
        (pickle.APPEND, None),
        (pickle.SETITEM, False),
        (pickle.APPENDS, True),
        (pickle.SETITEMS, True),
        (pickle.ADDITEMS, True),
    ):
        dispatch[code[0]] = functools.partial(_load_items, load=dispatch[code[0]], marked=marked)

    def load_bytearray8(self):
        """Read the bytes before memory is claimed; pickle claims the memory first."""
        (size,) = struct.unpack("<Q", self.read(8))
        self.append(bytearray(self.read(size)))

    dispatch[pickle.BYTEARRAY8[0]] = load_bytearray8

    @staticmethod
    def _containers():
        """Constructors of containers that take a container or nothing. A tensor is refused."""

        def constructor(kind):
            def construct(*items):
                return kind(*(_checked(i, (list, tuple, set, dict), "items") for i in items))

            return construct

        return [(kind.__name__, constructor(kind)) for kind in (set, dict, list)]

    @staticmethod
    def _persistent(meta):
        """NVIDIA's persistence record. Its `module_src` is ignored."""
        state = _checked(meta["state"], dict, "the state of a persistence record")
        return Record(_checked(meta["class_name"], str, "the class of a record"), state)

    @staticmethod
    def _module(name):
        class Module(Record):
            def __init__(self):
                super().__init__(name)

            def __new__(cls):  # a pickle calls nothing else
                module = super().__new__(cls)
                module.__init__()
                return module

        return Module

    @staticmethod
    def _storage(content):
        """A tensor's storage, which is a pickle in torch's old format, by torch's own restricted
        reader."""
        import torch

        _check_legacy(content)
        try:
            with warnings.catch_warnings(action="ignore"):  # typed storages are of the old format
                storage = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
                _checked(storage, torch.TypedStorage, "a tensor's storage")
                size = storage.nbytes()
        except pickle.UnpicklingError as error:
            named = re.search(r"GLOBAL ([\w.]+)", str(error))
            if named:
                raise _Refused(f"{named[1][:200]} (in a tensor's storage)") from None
            raise ValueError("a tensor's storage is unreadable") from None
        if size > len(content):
            raise ValueError(f"a tensor's storage claims {size} bytes")
        return storage

    @staticmethod
    def _tensor(storage, offset, size, stride, requires_grad=False, hooks=None, metadata=None):
        """A tensor over a storage. Its bounds are checked before it is made."""
        import torch

        with warnings.catch_warnings(action="ignore"):
            flat = torch.tensor([], dtype=storage.dtype).set_(storage)
        if not all(type(n) is int for n in (offset, *size, *stride)):
            raise ValueError("a tensor's sizes are no numbers")
        if len(size) != len(stride) or min([offset, *size, *stride], default=0) < 0:
            raise ValueError(f"a tensor of size {tuple(size)} has strides {tuple(stride)}")
        last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
        if 0 not in size and last >= len(flat):
            raise ValueError(
                f"a tensor of size {tuple(size)} reaches beyond its {len(flat)} values"
            )
        # With a stride of 0, or a size of 0 beside others, few values could claim much memory.
        if max(math.prod(size), *size, 0) > max(1, len(flat)):
            raise ValueError(f"a tensor of size {tuple(size)} stands on {len(flat)} values")
        return flat.as_strided(tuple(size), tuple(stride), offset)

    @staticmethod
    def _parameter(tensor, requires_grad=False, hooks=None):
        import torch

        return _checked(tensor, torch.Tensor, "a parameter")

    @staticmethod
    def _size(values):
        if not all(isinstance(n, int) for n in values):
            raise ValueError("a size holds something else than numbers")
        return tuple(values)

    @staticmethod
    def _bytes(text, encoding):
        """Bytes as pickles of protocol 2 write them."""
        if encoding != "latin1":
            raise _Refused("_codecs.encode to another encoding than latin1")
        return _checked(text, str, "bytes").encode("latin1")

    @staticmethod
    def _no_bytes():
        return b""

    @staticmethod
    def _frombuffer(content, dtype, shape, order):
        array = _Array(None, None, None)
        array.__setstate__((1, shape, dtype, order == "F", content))
        return array

    @staticmethod
    def _scalar(dtype, content):
        return np.frombuffer(content, dtype.plain())[0].item()


class _Dtype:
    """numpy.dtype as it is pickled, restricted to plain numbers."""

    def __init__(self, code, align=False, copy=False):
        self.code, self.order = _checked(code, str, "numpy.dtype")[:8], "<"

    def __setstate__(self, state):
        self.order = state[1] if state[1] in ("<", ">") else "="

    def plain(self):
        if not re.fullmatch(f"[{NUMBERS}]\\d+", self.code):
            raise _Refused(f"numpy.dtype {self.code!r}")
        return np.dtype(self.code).newbyteorder(self.order)


class _Array:
    """numpy.ndarray as it is pickled: an empty array that is then filled by its state."""

    def __init__(self, kind, shape, code):
        self.array = None

    def __setstate__(self, state):
        _, shape, dtype, fortran, content = state
        if isinstance(content, str):  # of Python 2, read as latin1
            content = content.encode("latin1")
        array = np.frombuffer(content, dtype.plain())
        self.array = array.reshape(shape, order="F" if fortran else "C")


def _check_legacy(content):
    """Raise an error unless a pickled storage is in torch's old format, five pickles of plain data.

    This is checked before torch reads it: an archive could unpack to much memory, and a call that
    torch admits could claim much memory.
    """
    if content[:2] == b"PK":
        raise ValueError("a tensor's storage is an archive")
    stream, texts = io.BytesIO(content), []
    for _ in range(5):  # magic number, version, sizes of types, the storage's record, its keys
        for opcode, argument, _ in pickletools.genops(stream):
            if isinstance(argument, str):
                texts.append(argument)
            if opcode.name in ("GLOBAL", "INST", "STACK_GLOBAL"):
                named = " ".join(texts[-2:]) if opcode.name == "STACK_GLOBAL" else argument
                if not re.fullmatch(r"torch \w+Storage", named):
                    named = ascii(named.replace(" ", ".")[:200])[1:-1]
                    raise _Refused(f"{named} (in a tensor's storage)")
            if opcode.name in ("REDUCE", "BUILD", "NEWOBJ", "NEWOBJ_EX", "OBJ"):
                raise ValueError(f"a tensor's storage holds the instruction {opcode.name}")


def _checked(value, kind, what):
    if not isinstance(value, kind):
        raise ValueError(f"{what} is a {type(value).__name__}")
    return value

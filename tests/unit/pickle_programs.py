"""Pickles assembled from opcodes: a program of pieces that each push one value."""

import io
import pickle
import pickletools
import struct
import warnings
from collections import OrderedDict

import torch


def value(thing):
    """Opcodes that push plain data."""
    return pickletools.optimize(pickle.dumps(thing, 2))[2:-1]


def raw(content):
    """Opcodes that push bytes."""
    return b"B" + struct.pack("<I", len(content)) + content


def text(string):
    """Opcodes that push a string."""
    content = string.encode()
    return b"X" + struct.pack("<I", len(content)) + content


def named(module, name):
    """Opcode GLOBAL."""
    return f"c{module}\n{name}\n".encode()


def stacked(module, name):
    """Opcode STACK_GLOBAL, which alone can name what stands below a name: `path.join`."""
    return text(module) + text(name) + b"\x93"


def called(function, *arguments):
    """Opcode REDUCE."""
    return function + b"(" + b"".join(arguments) + b"tR"


def built(thing, state):
    """Opcode BUILD: __setstate__, or the attributes of the thing, or setattr for each."""
    return thing + state + b"b"


def mapping(**entries):
    """Opcodes that push a dict of programs."""
    items = b"".join(text(key) + program for key, program in entries.items())
    return b"}(" + items + b"u"


def storage(tensor):
    """The storage of a tensor as torch pickles it."""
    content = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):  # typed storages are of the old format
        torch.save(tensor.storage(), content, _use_new_zipfile_serialization=False)
    return called(named("torch.storage", "_load_from_bytes"), raw(content.getvalue()))


def rebuilt(storage, offset, size, stride):
    """A tensor over a storage as torch pickles it."""
    layout = value(offset), value(size), value(stride), value(False), value(OrderedDict())
    return called(named("torch._utils", "_rebuild_tensor_v2"), storage, *layout)


def record(state, source="", class_name="Layer"):
    """A persistence record; the state is a program."""
    meta = mapping(class_name=text(class_name), state=state, module_src=text(source))
    return called(named("torch_utils.persistence", "_reconstruct_persistent_obj"), meta)


def dtype(code, order="<"):
    """numpy.dtype as it is pickled."""
    made = called(named("numpy", "dtype"), text(code), value(False), value(True))
    return built(made, value((3, order, None, None, None, -1, -1, 0)))


def storage_of(content):
    return called(named("torch.storage", "_load_from_bytes"), raw(content))


def payload(marker):
    """A call that makes the file `marker`."""
    return called(named("os", "system"), text(f"touch {marker}"))

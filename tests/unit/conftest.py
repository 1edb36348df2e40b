"""Fixtures of the unit tests: pickles in the form of NVIDIA's checkpoints."""

import pickle
import sys
from pathlib import Path
from types import ModuleType

import pytest

from gaussianity.io.restricted_pickle import Record

# Tests import the cases of figures by their module's name, whichever topic's folder it is in.
sys.path += map(str, sorted(Path(__file__).parent.glob("*/")))

RAISES = "raise RuntimeError('the source in a checkpoint was executed')"


class RecordPickler(pickle.Pickler):
    """Writes Records as NVIDIA's persistence writes its objects, with `source` as their module."""

    def __init__(self, file, protocol, source):
        super().__init__(file, protocol)
        self.source = source

    def reducer_override(self, thing):
        if not isinstance(thing, Record):
            return NotImplemented
        meta = dict(
            type="class",
            version=6,
            module_src=self.source,
            class_name=thing.class_name,
            state=thing.state,
        )
        return sys.modules["torch_utils.persistence"]._reconstruct_persistent_obj, (meta,)


@pytest.fixture
def write_pickle(tmp_path, monkeypatch):
    """Pickle things that hold Records: write_pickle(things) is the path of the file."""

    def _reconstruct_persistent_obj(meta):
        raise AssertionError("a pickle of this test was read by something else than the reader")

    package, module = ModuleType("torch_utils"), ModuleType("torch_utils.persistence")
    _reconstruct_persistent_obj.__module__ = module.__name__
    _reconstruct_persistent_obj.__qualname__ = _reconstruct_persistent_obj.__name__
    module._reconstruct_persistent_obj = _reconstruct_persistent_obj
    monkeypatch.setitem(sys.modules, package.__name__, package)
    monkeypatch.setitem(sys.modules, module.__name__, module)

    def write(things, protocol=4, source=RAISES):
        path = tmp_path / "written.pkl"
        with open(path, "wb") as file:
            RecordPickler(file, protocol, source).dump(things)
        return path

    return write

"""The reader of pickles: plain data, records, damaged files."""

import contextlib
import pickle
import struct
import subprocess
import sys
import tracemalloc
from collections import OrderedDict
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from pickle_programs import built, called, dtype, mapping, named, raw, record, text, value

from gaussianity.denoisers.from_edm import read_edm_checkpoint
from gaussianity.errors import InputError
from gaussianity.io.restricted_pickle import Record, read_pickle

PROTOCOLS = [2, 4, 5]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_containers_numbers_and_text(read, protocol):
    content = {
        "text": "\u03c3",
        "numbers": [1, -(2**70), 2.5, True, None],
        "bytes": b"ab\xff\x00",
        3: ((1,), {1, 2}, OrderedDict(b=1, a=2)),
    }
    found = read(pickle.dumps(content, protocol))
    assert found == content
    assert list(found[3][2]) == ["b", "a"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_bytes(read, protocol):
    assert read(pickle.dumps([b""], protocol)) == [b""]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_easy_dicts_are_dicts(read, monkeypatch, protocol):
    package, module = ModuleType("dnnlib"), ModuleType("dnnlib.util")
    module.EasyDict = type("EasyDict", (dict,), dict(__module__="dnnlib.util"))
    monkeypatch.setitem(sys.modules, "dnnlib", package)
    monkeypatch.setitem(sys.modules, "dnnlib.util", module)
    found = read(pickle.dumps(module.EasyDict(a=1, b=module.EasyDict()), protocol))
    assert found == dict(a=1, b={})
    assert type(found) is dict


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("code", ["f8", "f4", "f2", "i8", "u1", "?", "c8"])
def test_scalars_of_numpy_are_numbers(read, protocol, code):
    scalar = np.dtype(code).type(1.5)
    found = read(pickle.dumps(scalar, protocol))
    assert found == scalar
    assert type(found) is type(scalar.item())


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("code", ["<f8", ">f4", ">i2", "u1", "?", ">c16"])
def test_arrays_of_numpy(read, protocol, code):
    for shape in ((2, 3), (6,), ()):
        values = np.arange(np.prod(shape, dtype=int)).reshape(shape)
        for order in "CF":
            array = np.asarray(values, dtype=code, order=order)
            found = read(pickle.dumps(array, protocol)).array
            np.testing.assert_array_equal(found, array)
            assert found.shape == shape


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_empty_arrays_of_numpy(read, protocol):
    assert read(pickle.dumps(np.zeros((0, 3)), protocol)).array.shape == (0, 3)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("module", ["numpy.core.multiarray", "numpy._core.multiarray"])
def test_names_of_both_numpys_and_both_byte_orders(read, module, order):
    content = np.array(1.5, dtype=f"{order}f4").tobytes()
    assert read(called(named(module, "scalar"), dtype("f4", order), raw(content))) == 1.5
    array = pickle.dumps(np.arange(6.0).reshape(2, 3).T.astype(f"{order}f4"), 2)
    array = array.replace(b"numpy._core.multiarray", module.encode())
    assert module.encode() in array
    assert read(array).array.tolist() == [[0, 3], [1, 4], [2, 5]]


def test_modules_of_torch_are_records(read):
    inner = torch.nn.ModuleList([torch.nn.Sequential()])
    found = read(pickle.dumps(torch.nn.ModuleDict(dict(inner=inner))))
    assert isinstance(found, Record)
    assert (found.class_name, found.state["training"]) == ("ModuleDict", True)
    inner = found.state["_modules"]["inner"]
    assert inner.class_name == "ModuleList"
    assert inner.state["_modules"]["0"].class_name == "Sequential"


def test_a_persistence_record_keeps_its_state_and_not_its_source(read, marker):
    source = f"open({str(marker)!r}, 'w').close()\nraise RuntimeError"
    found = read(record(mapping(a=value([1, 2])), source, "EDMPrecond"))
    assert found == Record("EDMPrecond", dict(a=[1, 2]))
    assert not marker.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello world\n",
        b"\x89PNG\r\n\x1a\n" + bytes(30),
        bytes(100),
        b"\x80\x04",
        b"\x80\x04\x8e" + struct.pack("<Q", 2**62),  # bytes longer than any memory
        b"\x80\x04\x95" + struct.pack("<Q", 2**62),  # a frame longer than any memory
    ],
    ids=["empty", "text", "picture", "zeros", "header", "bytes", "frame"],
)
def test_a_file_that_is_no_pickle(tmp_path, content):
    path = tmp_path / "damaged.pkl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"damaged\.pkl: expected a readable pickle: ."):
        read_pickle(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04" + bytes(30), "found a zip archive, as torch.save writes it; save"),
        (
            b"<!DOCTYPE html><html>404</html>",
            "found an HTML or XML page, .* download the file again",
        ),
        (b"\n <html>", "found an HTML or XML page"),
        (b"\x1f\x8b\x08" + bytes(30), "found a gzip archive; unpack it"),
        (b"version https://git-lfs.github.com/spec/v1\n", "found a pointer of Git LFS; fetch"),
        (struct.pack("<Q", 60) + b'{"weight":{}}', "found a file of safetensors"),
    ],
)
def test_a_file_of_another_format_is_named(tmp_path, content, message):
    path = tmp_path / "network.pkl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"network\.pkl: expected a pickle, {message}"):
        read_pickle(path)


def test_no_warning_of_torch_reaches_the_user(monkeypatch, recwarn):
    monkeypatch.setattr(torch.storage, "_always_warn_typed_storage_removal", True)
    read_edm_checkpoint(Path(__file__).parents[2] / "data/ddpmpp-vp.pkl")
    assert not [str(warning.message) for warning in recwarn]


def test_a_torch_file_is_not_opened(tmp_path):
    path = tmp_path / "damaged.pkl"
    for zipped in (True, False):
        torch.save(dict(a=torch.ones(2)), path, _use_new_zipfile_serialization=zipped)
        with contextlib.suppress(InputError):  # torch's old files begin with a plain number
            assert isinstance(read_pickle(path), int)


@pytest.mark.parametrize("protocol", [2, 4])
def test_a_file_cut_short_anywhere(tmp_path, protocol):
    whole = pickle.dumps([torch.arange(3), {"a": {1, 2}}, np.float64(2.5)], protocol)
    path = tmp_path / "cut.pkl"
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError, match=r"cut\.pkl: expected a .*pickle"):
            read_pickle(path)


def test_a_file_that_is_missing(tmp_path):
    with pytest.raises(InputError, match=r"no\.pkl: expected a pickle, found no such file"):
        read_pickle(tmp_path / "no.pkl")


def test_a_folder(tmp_path):
    with pytest.raises(InputError, match=r"expected a readable pickle: .* directory"):
        read_pickle(tmp_path)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (record(value([1])), "the state of a persistence record is a list"),
        (record(b"}", class_name="a").replace(text("a"), value(3)), "the class of a record"),
        (built(record(b"}"), value([1])), "the state of an object is a list"),
        (
            called(named("torch_utils.persistence", "_reconstruct_persistent_obj"), b"}"),
            "state",
        ),
        (called(named("torch_utils.persistence", "_reconstruct_persistent_obj")), "argument"),
        (b"}" + record(b"}") + value(1) + b"s", "unhashable"),
    ],
    ids=["state", "class", "built", "lacking", "no-argument", "key"],
)
def test_a_record_of_another_form(refused, program, message):
    refused(program, message)


def test_a_record_that_holds_itself(read):
    found = read(record(b"}") + b"q\x00" + mapping(again=b"h\x00") + b"b")
    assert found.state["again"] is found


def test_a_large_number_in_the_memo_claims_no_memory(read):
    """One flipped bit makes opcode q, a number of one byte, opcode r, a number of four."""
    tracemalloc.start()
    try:
        with contextlib.suppress(InputError):
            read(b"Nr" + struct.pack("<I", 2**24))
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()


def test_deeply_nested_lists_are_no_checkpoint(tmp_path):
    path = tmp_path / "nested.pkl"
    path.write_bytes(b"]" * 100_000 + b"a" * 99_999 + b".")
    with pytest.raises(InputError, match=r"nested\.pkl: expected a "):
        read_edm_checkpoint(path)


def test_a_deeply_nested_key_does_not_end_the_process(tmp_path):
    """Python hashes nested tuples by recursion in C, beyond the end of its stack."""
    path = tmp_path / "nested.pkl"
    path.write_bytes(b"}" + b"(" * 1_000_000 + b"t" * 1_000_000 + b"Ns.")
    code = (
        "from gaussianity.errors import InputError\n"
        "from gaussianity.io.restricted_pickle import read_pickle\n"
        f"try: read_pickle({str(path)!r})\n"
        "except InputError: print('refused')"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (0, "refused\n"), found.stderr[-500:]


def test_tuples_may_be_nested_in_a_hundred_others(tmp_path, refused):
    def nested(depth):
        return b"}" + b"(" * depth + b"t" * depth + b"Ns"

    (tmp_path / "nested.pkl").write_bytes(nested(100) + b".")
    assert len(read_pickle(tmp_path / "nested.pkl")) == 1
    refused(nested(101), "nested too deep")


def test_shared_tuples_take_no_time(refused):
    refused(b"\x80\x04}" + b")" + b"2\x86" * 60 + b"Ns.", "nested too deep")


def test_a_byte_array_claims_what_it_holds(refused):
    refused(b"\x80\x05\x96" + (2**34).to_bytes(8, "little") + b".", "a readable pickle")

"""Pickled tensors and arrays: those that are read, and those that are refused."""

import io
import pickle
import zipfile

import numpy as np
import pytest
import torch
from pickle_programs import (
    built,
    called,
    dtype,
    named,
    payload,
    raw,
    rebuilt,
    storage,
    storage_of,
    text,
    value,
)

from gaussianity.errors import InputError

PROTOCOLS = [2, 4, 5]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "kind", ["float16", "bfloat16", "float32", "float64", "int64", "uint8", "bool"]
)
def test_tensors_of_every_type(read, protocol, kind):
    tensor = (torch.arange(6).reshape(2, 3) - 2).to(getattr(torch, kind))
    parameter = torch.nn.Parameter(tensor, requires_grad=False)
    found = read(pickle.dumps([tensor, parameter, tensor.shape], protocol))
    for each in found[:2]:
        assert each.dtype == tensor.dtype
        assert torch.equal(each, tensor)
    assert found[2] == (2, 3)


@pytest.mark.parametrize(
    "view",
    [
        lambda t: t,
        lambda t: t.T,
        lambda t: t[1:, ::2],
        lambda t: t[2, 3],
        lambda t: t[:0],
        lambda t: t.permute(1, 0)[2:],
    ],
    ids=["whole", "transposed", "strided", "scalar", "empty", "permuted"],
)
def test_strides_and_offsets(read, view):
    tensor = view(torch.arange(20.0).reshape(4, 5))
    found = read(pickle.dumps(tensor))
    assert torch.equal(found, tensor)
    assert found.stride() == tensor.stride()


def test_tensors_that_share_a_storage_share_it_still(read):
    shared = storage(torch.arange(6.0)) + b"q\x07"  # kept in the memo, fetched by h
    program = b"(" + rebuilt(shared, 0, (2, 3), (3, 1)) + rebuilt(b"h\x07", 1, (2,), (3,))
    whole, column = read(program + b"t")
    assert whole.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert column.tolist() == [1, 4]
    assert whole.untyped_storage().data_ptr() == column.untyped_storage().data_ptr()


@pytest.fixture
def hostile(marker):
    class Hostile:
        def __reduce__(self):
            return eval, (f"open({str(marker)!r}, 'w')",)

    return Hostile()


@pytest.mark.parametrize("protocol", [0, 1, 2])
def test_a_pickle_in_a_storage(refused, hostile, protocol):
    content = pickle.dumps(hostile, protocol)
    refused(storage_of(content), r"found the global \S*eval \(in a tensor's storage\)")


@pytest.mark.parametrize("protocol", [3, 4, 5])
def test_a_newer_pickle_in_a_storage(refused, hostile, protocol):
    refused(storage_of(pickle.dumps(hostile, protocol)), "storage")


@pytest.mark.parametrize("zipped", [True, False])
def test_a_torch_file_in_a_storage(refused, hostile, zipped):
    content = io.BytesIO()
    torch.save(hostile, content, _use_new_zipfile_serialization=zipped)
    message = "is an archive" if zipped else r"found the global \S*eval \(in a tensor's"
    refused(storage_of(content.getvalue()), message)


def test_a_script_in_a_storage(refused):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in ("constants.pkl", "data.pkl"):
            file.writestr(f"archive/{name}", b"N.")
    refused(storage_of(content.getvalue()), "expected a readable pickle")


def test_the_sentence_does_not_recommend_to_load_it_without_protection(read, hostile):
    """torch's own message recommends `weights_only=False`."""
    for protocol in (2, 4):
        with pytest.raises(InputError) as caught:
            read(storage_of(pickle.dumps(hostile, protocol)))
        assert "weights_only" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"N.", b"junk", b"PK\x03\x04"])
def test_bytes_that_are_no_storage(refused, content):
    refused(storage_of(content), "expected a readable pickle")


def test_a_tensor_or_a_path_where_a_storage_belongs(refused, tmp_path):
    content = io.BytesIO()
    torch.save(dict(a=torch.ones(2)), content)
    refused(storage_of(content.getvalue()), "a tensor's storage is an archive")
    (tmp_path / "tensor.pt").write_bytes(content.getvalue())
    path = text(str(tmp_path / "tensor.pt"))
    refused(called(named("torch.storage", "_load_from_bytes"), path), "bytes-like")


def test_a_storage_within_a_storage(refused, marker):
    inner = storage_of(payload(marker) + b".") + b"."
    refused(storage_of(inner), r"found the global torch\.storage\._load_from_bytes \(in")


@pytest.mark.parametrize(
    ("offset", "size", "stride", "message"),
    [
        (0, (5,), (1,), "reaches beyond its 4 values"),
        (3, (2,), (1,), "reaches beyond its 4 values"),
        (4, (), (), "reaches beyond its 4 values"),
        (0, (2, 2), (3, 1), "reaches beyond its 4 values"),
        (0, (2**40,), (1,), "reaches beyond its 4 values"),
        (0, (2,), (2**62,), "reaches beyond its 4 values"),
        (3, (2,), (-1,), "has strides"),
        (-1, (2,), (1,), "has strides"),
        (0, (-1,), (1,), "has strides"),
        (0, (2, 2), (1,), "has strides"),
        (0, (2,), (0.5,), "no numbers"),
        (0, ("2",), (1,), "no numbers"),
        (None, (2,), (1,), "no numbers"),
        (0, None, (1,), "NoneType"),
    ],
)
def test_a_view_that_does_not_fit_its_storage(refused, offset, size, stride, message):
    refused(rebuilt(storage(torch.ones(4)), offset, size, stride), message)


def test_a_built_tensor_does_not_reach_beyond_its_storage(refused):
    """torch.Tensor.__setstate__ would extend it over uninitialised memory."""
    values = storage(torch.ones(4))
    state = b"(" + values + value(0) + value((1000,)) + value((1,)) + b"t"
    refused(built(rebuilt(values, 0, (4,), (1,)), state), "expected a")


def test_a_storage_that_is_none(refused):
    refused(rebuilt(value(None), 0, (1,), (1,)), "expected a readable pickle")
    refused(rebuilt(raw(b"1234"), 0, (1,), (1,)), "expected a readable pickle")


def test_a_parameter_that_is_no_tensor(refused):
    program = called(named("torch._utils", "_rebuild_parameter"), value([1.0]), value(True))
    refused(program, "a parameter is a list")


@pytest.mark.parametrize(
    "array",
    [
        np.array([None, 1], dtype=object),
        np.array(["text"]),
        np.array([b"text"]),
        np.zeros(2, dtype="f4,i4"),
        np.zeros(2, dtype=[("a", object)]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
    ],
    ids=["objects", "text", "bytes", "fields", "fields of objects", "dates"],
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_arrays_of_other_things_than_numbers(refused, array, protocol):
    refused(pickle.dumps(array, protocol), "found the global numpy.dtype '[OUSVM]")


@pytest.mark.parametrize("code", ["O8", "O", "|O8", "object", "f4,O8", "V8", "U2", "M8[s]", ""])
def test_a_scalar_that_would_be_an_object(refused, code):
    """NumPy would interpret the bytes as the address of an object."""
    program = called(named("numpy._core.multiarray", "scalar"), dtype(code, "|"), raw(b"A" * 8))
    refused(program, "found the global numpy.dtype ")


def test_an_array_and_its_content_of_different_lengths(refused):
    made = called(
        named("numpy._core.multiarray", "_reconstruct"),
        named("numpy", "ndarray"),
        value((0,)),
        raw(b"b"),
    )
    for shape, content in (((3,), b"A" * 8), ((2**40,), b"A" * 8), ((-1, 3), b"A" * 8)):
        state = b"(" + value(1) + value(shape) + dtype("f4") + value(False) + raw(content)
        refused(built(made, state + b"t"), "cannot reshape array")


def test_a_number_of_a_type_that_numpy_lacks(refused):
    program = called(named("numpy._core.multiarray", "scalar"), dtype("f3"), raw(b"AAA"))
    refused(program, "expected a readable pickle")


def test_items_go_into_containers_only(refused):
    four = pickle.dumps(torch.zeros(4), 4)[:-1]
    refused(four + b"(K\x01\x90.", "items are put into a Tensor")


def test_a_call_in_a_storage_that_torch_would_admit(refused):
    content = b"\x80\x02c__builtin__\nbytearray\nJ\x00\x00\x00\x10\x85R."
    refused(storage_of(content), r"bytearray \(in a tensor's storage\)")


def test_a_type_of_storage_that_torch_does_not_know(refused):
    content = b"\x80\x02ctorch\nFalseStorage\n." + 4 * b"\x80\x02N."
    refused(storage_of(content), r"found the global torch\.FalseStorage \(in a tensor's storage\)")

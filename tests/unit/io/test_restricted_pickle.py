"""The reader of pickles: what it admits, and that nothing else runs.

Hostile pickles are assembled from opcodes: a program of pieces that each push one value.
"""

import contextlib
import copyreg
import io
import pickle
import pickletools
import struct
import subprocess
import sys
import tracemalloc
import warnings
import zipfile
from collections import OrderedDict
from types import ModuleType

import numpy as np
import pytest
import torch

from gaussianity.denoisers.from_edm import read_edm_checkpoint
from gaussianity.errors import InputError
from gaussianity.io.restricted_pickle import Record, read_pickle

PROTOCOLS = [2, 4, 5]


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


@pytest.fixture
def marker(tmp_path):
    """The file that a hostile pickle would make."""
    return tmp_path / "marker"


@pytest.fixture
def read(tmp_path):
    """What the reader makes of a program or of a whole pickle."""

    def read(program):
        path = tmp_path / "program.pkl"
        path.write_bytes(program if program.endswith(b".") else program + b".")
        return read_pickle(path)

    return read


@pytest.fixture
def refused(read, tmp_path, marker):
    """Assert that a program ends in one sentence that names the file, and that nothing ran."""

    def refused(program, message):
        with pytest.raises(InputError, match=message) as caught:
            read(program)
        sentence = str(caught.value)
        assert sentence.startswith(f"{tmp_path / 'program.pkl'}: expected a ")
        assert "\n" not in sentence
        assert not marker.exists()

    return refused


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


GLOBALS = [
    ("os", "system", "touch {marker}"),
    ("posix", "system", "touch {marker}"),
    ("builtins", "eval", "open({marker!r}, 'w')"),
    ("builtins", "exec", "open({marker!r}, 'w')"),
    ("__builtin__", "eval", "open({marker!r}, 'w')"),
    ("os", "mkdir", "{marker}"),
    ("os", "popen", "touch {marker}"),
    ("nt", "system", "touch {marker}"),
    ("subprocess", "Popen", "touch {marker}"),
    ("subprocess", "check_output", "touch {marker}"),
    ("runpy", "run_path", "{marker}"),
    ("pty", "spawn", "touch {marker}"),
    ("importlib", "import_module", "this"),
    ("builtins", "__import__", "this"),
    ("builtins", "open", "{marker}"),
    ("builtins", "getattr", "x"),
    ("builtins", "bytearray", "x"),
    ("functools", "partial", "x"),
    ("operator", "attrgetter", "x"),
    ("operator", "methodcaller", "x"),
    ("copyreg", "_reconstructor", "x"),
    ("pickle", "loads", "x"),
    ("_pickle", "loads", "x"),
    ("torch", "load", "{marker}"),
    ("torch.serialization", "load", "{marker}"),
    ("torch.serialization", "_load", "{marker}"),
    ("torch.hub", "load", "{marker}"),
    ("torch._utils", "_rebuild_wrapper_subclass", "x"),
    ("torch._utils", "_rebuild_tensor_v3", "x"),
    ("torch._tensor", "_rebuild_from_type_v2", "x"),
    ("torch.nn.modules.linear", "Linear", "x"),
    ("torch.nn.modules.container", "ParameterDict", "x"),
    ("torch.jit", "load", "{marker}"),
    ("torch_utils.persistence", "_src_to_module", "x"),
    ("torch_utils.persistence", "persistent_class", "x"),
    ("dnnlib.util", "call_func_by_name", "os.system"),
    ("dnnlib.util", "open_url", "{marker}"),
    ("numpy", "load", "{marker}"),
    ("numpy", "fromfile", "{marker}"),
    ("numpy.testing._private.utils", "runstring", "x"),
    ("numpy.core.multiarray", "fromfile", "{marker}"),
    ("_codecs", "lookup", "x"),
    ("codecs", "open", "{marker}"),
    ("gaussianity.io.restricted_pickle", "Record", "x"),
    ("gaussianity.io.restricted_pickle", "io", "x"),
]


@pytest.mark.parametrize(("module", "name", "argument"), GLOBALS)
@pytest.mark.parametrize("opcode", [named, stacked])
def test_a_function_that_is_not_in_the_table(refused, marker, opcode, module, name, argument):
    argument = text(argument.format(marker=str(marker)))
    refused(called(opcode(module, name), argument), f"found the global {module}.{name}, ")


@pytest.mark.parametrize(("module", "name", "argument"), GLOBALS[:4] + GLOBALS[5:6])
def test_those_payloads_are_live(marker, module, name, argument):
    """What Python's own reader does with them, so that the tests here test something."""
    pickle.loads(called(named(module, name), text(argument.format(marker=str(marker)))) + b".")
    assert marker.exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "path.join"),
        ("os", "path.genericpath.os.system"),
        ("collections", "OrderedDict.fromkeys"),
        ("collections", "OrderedDict.__init__.__globals__"),
        ("builtins", "dict.__class__.__subclasses__"),
        ("torch.storage", "_load_from_bytes.__globals__"),
        ("torch.storage", "io.open"),
        ("torch.storage", "torch.load"),
        ("torch._utils", "torch.load"),
        ("numpy", "dtype.__class__"),
        ("numpy", "lib.npyio.load"),
        ("builtins.dict", "fromkeys"),
        ("", "dict"),
        ("builtins", ""),
    ],
)
def test_a_name_below_a_name(refused, module, name):
    refused(called(stacked(module, name)), f"found the global {module}.{name}, ")


def test_no_module_is_imported(refused, tmp_path, marker, monkeypatch):
    (tmp_path / "hostile_module.py").write_text(f"open({str(marker)!r}, 'w').close()")
    monkeypatch.syspath_prepend(tmp_path)
    for opcode in (named, stacked):
        refused(opcode("hostile_module", "thing"), r"found the global hostile_module\.thing, ")
    assert "hostile_module" not in sys.modules


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\x1b[2Jb", "\u202eb"])
def test_a_name_cannot_leave_its_line(read, name):
    """A terminal that shows the sentence shows no line breaks and obeys no control characters."""
    with pytest.raises(InputError) as caught:
        read(stacked("os", name))
    assert str(caught.value).isprintable()


def test_a_name_that_cannot_be_printed(read):
    with pytest.raises(InputError) as caught:
        read(b"X\x03\x00\x00\x00\xed\xa0\x80" + text("a") + b"\x93")  # a lone surrogate
    str(caught.value).encode()


def test_a_long_name_does_not_fill_the_screen(read):
    with pytest.raises(InputError) as caught:
        read(named("x" * 100_000, "y"))
    assert len(str(caught.value)) < 2000


def test_names_that_are_no_text(refused):
    for module, name in ((value(1), text("a")), (text("os"), value(None)), (b"]", b"]")):
        refused(module + name + b"\x93", "expected a readable pickle: STACK_GLOBAL")


def payload(marker):
    return called(named("os", "system"), text(f"touch {marker}"))


PLACES = {
    "in a list": lambda p: b"]" + p + b"a",
    "in a tuple": lambda p: p + b"\x85",
    "in a set": lambda p: b"\x8f(" + p + b"\x90",
    "as the value of a dict": lambda p: mapping(a=p),
    "as the key of a dict": lambda p: b"}" + p + value(1) + b"s",
    "thrown away": lambda p: p + b"0" + value(1),
    "from the memo": lambda p: p + b"q\x000h\x00",
    "in the state of a record": lambda p: record(mapping(weight=p)),
    "as the state of a record": lambda p: record(p),
    "as the class of a record": lambda p: called(
        named("torch_utils.persistence", "_reconstruct_persistent_obj"),
        mapping(class_name=p, state=b"}"),
    ),
    "as the description of a record": lambda p: called(
        named("torch_utils.persistence", "_reconstruct_persistent_obj"), p
    ),
    "as the source of a record": lambda p: called(
        named("torch_utils.persistence", "_reconstruct_persistent_obj"),
        mapping(class_name=text("A"), state=b"}", module_src=p),
    ),
    "built into a record": lambda p: built(record(b"}"), p),
    "built into a module": lambda p: built(
        called(named("torch.nn.modules.container", "ModuleDict")), mapping(a=p)
    ),
    "as a storage": lambda p: rebuilt(p, 0, (1,), (1,)),
    "as the bytes of a storage": lambda p: called(named("torch.storage", "_load_from_bytes"), p),
    "as a parameter": lambda p: called(named("torch._utils", "_rebuild_parameter"), p),
    "as the state of a dtype": lambda p: built(called(named("numpy", "dtype"), text("f4")), p),
    "as the code of a dtype": lambda p: called(named("numpy", "dtype"), p),
    "as the content of an array": lambda p: called(
        named("numpy.core.multiarray", "scalar"), dtype("f4"), p
    ),
    "as the arguments of a set": lambda p: called(named("builtins", "set"), p),
    "as the class of NEWOBJ": lambda p: p + b")\x81",
    "as the function of REDUCE": lambda p: p + b")R",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_payload_anywhere(refused, marker, place):
    refused(place(payload(marker)), r"found the global os\.system, ")


@pytest.mark.parametrize(
    ("opcodes", "message"),
    [
        (b"(X\x02\x00\x00\x00lsios\nsystem\n", "found the global os.system, "),  # INST
        (b"(cos\nsystem\nX\x02\x00\x00\x00lso", "found the global os.system, "),  # OBJ
        (b"cos\nsystem\n)\x81", "found the global os.system, "),  # NEWOBJ
        (b"cos\nsystem\n)}\x92", "found the global os.system, "),  # NEWOBJ_EX
        (b"\x82\xef", "unregistered extension code 239"),  # EXT1
        (b"\x83\xef\x00", "unregistered extension code 239"),  # EXT2
        (b"\x84\xef\x00\x00\x00", "unregistered extension code 239"),  # EXT4
        (b"Pos.system\n", "persistent id"),  # PERSID
        (b"X\x01\x00\x00\x00aQ", "persistent id"),  # BINPERSID
        (b"ctorch\nSize\n)\x81", "must be a type|not a type"),
        (b"\x80\x09N", "unsupported pickle protocol: 9"),
        (b"\x97", "buffer"),  # NEXT_BUFFER, out of band
        (b"R", "expected a readable pickle: ."),
        (b"h\x05", "Memo value not found at index 5"),
        (b"\xff", "expected a readable pickle: ."),
    ],
)
def test_every_opcode_that_could_call(refused, opcodes, message):
    refused(opcodes, message)


def test_a_registered_extension_goes_by_the_table_too(refused, marker):
    copyreg.add_extension("os", "system", 239)
    try:
        program = called(b"\x82\xef", text(f"touch {marker}"))
        refused(program, r"found the global os\.system, ")
    finally:
        copyreg.remove_extension("os", "system", 239)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("torch_utils.persistence", "_reconstruct_persistent_obj"),
        ("torch.storage", "_load_from_bytes"),
        ("torch._utils", "_rebuild_tensor_v2"),
        ("torch", "Size"),
        ("torch.nn.modules.container", "ModuleDict"),
        ("collections", "OrderedDict"),
        ("dnnlib.util", "EasyDict"),
        ("builtins", "set"),
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy.core.multiarray", "scalar"),
        ("_codecs", "encode"),
    ],
)
@pytest.mark.parametrize("way", ["attributes", "setattr"])
def test_nothing_is_built_into_what_the_table_names(refused, module, name, way):
    """BUILD would write to the functions and classes themselves, for the whole process."""
    state = mapping(marked=value(1))
    state = state if way == "attributes" else b"N" + state + b"\x86"
    refused(built(named(module, name), state), "expected a")


def test_a_code_that_is_not_how_bytes_are_written(refused):
    program = called(named("_codecs", "encode"), text("ab"), text("rot13"))
    refused(program, "_codecs.encode to another encoding")


def storage_of(content):
    return called(named("torch.storage", "_load_from_bytes"), raw(content))


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


def test_nobody_is_told_to_load_it_without_protection(read, hostile):
    """torch's own message recommends it."""
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
    """torch.Tensor.__setstate__ would grow it over memory that nobody has written."""
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
    """NumPy would take the bytes of an object for its address."""
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


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello world\n",
        b"\x89PNG\r\n\x1a\n" + bytes(30),
        b"PK\x03\x04" + bytes(30),
        bytes(100),
        b"\x80\x04",
        b"\x80\x04\x8e" + struct.pack("<Q", 2**62),  # bytes longer than any memory
        b"\x80\x04\x95" + struct.pack("<Q", 2**62),  # a frame longer than any memory
    ],
    ids=["empty", "text", "picture", "zip", "zeros", "header", "bytes", "frame"],
)
def test_a_file_that_is_no_pickle(tmp_path, content):
    path = tmp_path / "damaged.pkl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"damaged\.pkl: expected a readable pickle: ."):
        read_pickle(path)


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


def test_shared_tuples_take_no_time(refused):
    refused(b"\x80\x04}" + b")" + b"2\x86" * 60 + b"Ns.", "nested too deep")


def test_a_byte_array_claims_what_it_holds(refused):
    refused(b"\x80\x05\x96" + (2**34).to_bytes(8, "little") + b".", "a readable pickle")


def test_items_go_into_containers_only(refused):
    four = pickle.dumps(torch.zeros(4), 4)[:-1]
    refused(four + b"(K\x01\x90.", "items are put into a Tensor")


def test_a_call_in_a_storage_that_torch_would_admit(refused):
    content = b"\x80\x02c__builtin__\nbytearray\nJ\x00\x00\x00\x10\x85R."
    refused(storage_of(content), r"bytearray \(in a tensor's storage\)")

"""Hostile pickles: no function that they name is called or changed."""

import copyreg
import pickle
import sys

import pytest
from pickle_programs import (
    built,
    called,
    dtype,
    mapping,
    named,
    payload,
    rebuilt,
    record,
    stacked,
    text,
    value,
)

from gaussianity.errors import InputError

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
    """Python's own reader executes these payloads, so the tests above can fail."""
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
    """The sentence contains no line breaks and no control characters for a terminal."""
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
    """BUILD would change the functions and classes themselves, for the whole process."""
    state = mapping(marked=value(1))
    state = state if way == "attributes" else b"N" + state + b"\x86"
    refused(built(named(module, name), state), "expected a")


def test_a_code_that_is_not_how_bytes_are_written(refused):
    program = called(named("_codecs", "encode"), text("ab"), text("rot13"))
    refused(program, "_codecs.encode to another encoding")

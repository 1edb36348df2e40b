"""The package's rooms stand on floors: a module imports from floors below its own, or its room."""

import ast
from pathlib import Path

import pytest

import gaussianity

PACKAGE = Path(gaussianity.__file__).parent
# Highest floor first. Rooms of one floor do not import one another.
FLOORS = [
    ["report"],
    ["molrg", "manifold", "linear"],
    ["sampling", "universality", "distribution"],
    ["denoisers", "classifiers"],
    ["networks", "moments"],
    ["data"],
    ["drawing"],
    ["io"],
    ["arguments"],
    ["errors", "streams", "intervals"],
]
# Rooms that do not know each other, though they stand on different floors.
BRANCHES = (
    {"sampling", "denoisers", "networks"},
    {"universality", "distribution", "classifiers", "moments"},
)
FLOOR = {room: len(FLOORS) - number for number, floor in enumerate(FLOORS) for room in floor}


def room_of(module):
    """`gaussianity.data.readers` is in the room data; the package itself is in none."""
    return [*module.split("."), ""][1]


def imported(tree):
    """Modules of the package that a syntax tree's import statements name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "gaussianity":
            if node.module == "gaussianity":
                yield from (f"gaussianity.{alias.name}" for alias in node.names)
            else:
                yield node.module
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.split(".")[0] == "gaussianity")


def reaches(files):
    """A sentence for every import of a room on the same floor or a higher one.

    Args:    files - dict of module name to source text.
    """
    for module, text in files.items():
        room = room_of(module)
        for other in imported(ast.parse(text)):
            found = room_of(other)
            if not room or not found or found == room:
                continue
            if FLOOR[found] >= FLOOR[room]:
                yield (
                    f"{module} (floor {FLOOR[room]}) imports {other} (floor {FLOOR[found]}): a "
                    f"module of the room {room} may import only from floors below {FLOOR[room]}"
                )
            elif any(room in a and found in b for a, b in (BRANCHES, BRANCHES[::-1])):
                yield f"{module} imports {other}: the rooms {room} and {found} stay apart"


def package_files():
    """Source text of every module of the package by its name."""
    paths = sorted(PACKAGE.rglob("*.py"))
    names = [path.relative_to(PACKAGE.parent).with_suffix("").parts for path in paths]
    named = zip(names, paths, strict=True)
    return {".".join(n).removesuffix(".__init__"): path.read_text() for n, path in named}


def test_every_room_has_a_floor():
    assert {room_of(module) for module in package_files()} - {""} == set(FLOOR)


def test_imports_point_downwards():
    assert list(reaches(package_files())) == []


@pytest.mark.parametrize(
    ("module", "line", "said"),
    [
        ("gaussianity.io.files", "from gaussianity.data.readers import READERS", "floors below 3"),
        ("gaussianity.molrg.mixture", "from gaussianity.manifold import process", "floors below 9"),
        ("gaussianity.streams", "import gaussianity.errors", "floors below 1"),
        ("gaussianity.sampling.sampler", "from gaussianity.moments import spectra", "stay apart"),
        (
            "gaussianity.universality.controls.controls",
            "import gaussianity.denoisers.unet",
            "stay apart",
        ),
    ],
)
def test_an_import_that_reaches_upstairs_is_named(module, line, said):
    (sentence,) = reaches({module: line})
    assert sentence.startswith(f"{module} ")
    assert said in sentence


def test_a_new_folder_has_a_docstring_and_no_import():
    for path in PACKAGE.rglob("*/__init__.py"):
        tree = ast.parse(path.read_text())
        assert ast.get_docstring(tree)
        assert len(tree.body) == 1

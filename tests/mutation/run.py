"""Share of single changes of an operator or a number in the package that its tests notice.

cosmic-ray makes the changes, one at a time, in a copy of the project. Each is run against the test
files of its own module, in a process forked from one that has already imported torch and the like.
The sample is chosen by a hash of the function, the line and the place in it: it is the same in
every run, and a module that moves keeps its changes. Tests were written for what it showed, so that
only a sample that is new, as --sample chooses, says how many changes the tests notice in general.
Usage: make mutation, or see --help.
"""

import argparse
import ast
import collections
import csv
import hashlib
import importlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(ROOT / ".mutation"))  # cosmic-ray, behind the packages of the environment
PACKAGE, UNIT = Path("src/gaussianity"), Path("tests/unit")
EQUIVALENT = HERE / "equivalent.tsv"  # function, line, changed line, why no test can notice it
ENOUGH = 0.95

# Test files of modules for which UNIT has none at the module's own place and name.
TESTS = {
    "classifiers/models": ["classifiers/test_sgd.py"],
    "data/readers/": ["data/test_datasets.py"],
    "denoisers/arguments": ["denoisers/test_unet.py"],
    "denoisers/descriptions": ["denoisers/test_files.py"],
    "denoisers/files": ["io/test_seals.py"],
    "denoisers/from_diffusers": ["denoisers/test_diffusers_stand_in.py"],
    "denoisers/from_edm": ["denoisers/test_edm_arguments.py"],
    "distribution/distances/class_distances": ["distribution/test_class_normality.py"],
    "distribution/pictures/class_pictures": ["distribution/test_class_normality.py"],
    "distribution/outcome/class_sentences": ["distribution/outcome/test_sentences.py"],
    "distribution/figures/": ["distribution/test_normality_figures.py"],
    "distribution/leading_directions": ["distribution/test_principal_scores.py"],
    "distribution/limits": [
        "distribution/power/test_power.py",
        "distribution/test_principal_scores.py",
    ],
    "distribution/measured_scores": ["distribution/test_class_normality.py"],
    "io/restricted_pickle": [
        "io/test_restricted_pickle_globals.py",
        "io/test_restricted_pickle_tensors.py",
    ],
    "io/user_code": ["denoisers/test_from_function.py"],
    "manifold/measured/weight_curves": ["manifold/measured/test_image_weights.py"],
    "manifold/theory/quadrature": ["manifold/theory/test_activations.py"],
    "molrg/mixture": ["denoisers/test_low_rank.py"],
    "networks/adm_unet": ["denoisers/test_from_edm.py"],  # parity with NVIDIA's networks
    "networks/song_unet": ["denoisers/test_from_edm.py"],
    "sampling/limits": ["sampling/test_sampler.py", "sampling/test_contraction.py"],
    "figures/": ["drawing/test_figures.py"],  # beside a test file of its own
}
# Where numbers are layout: functions that take one of these, or are called draw.
DRAWN_ON = {"panel", "panels", "axes", "axis", "figure"}

SLOW_IMPORTS = (
    *("matplotlib.pyplot", "pandas", "pytest", "scipy.fft", "scipy.optimize", "scipy.stats"),
    *("seaborn", "sklearn.cluster", "torch"),
)
BINARY = {"term", "arith_expr", "power", "and_expr", "expr"}  # else a star of arguments
ARITHMETIC = ["Add", "Sub", "Mul", "Div"]
ORDER = ["Lt", "LtE", "Gt", "GtE"]
OPERATORS = [
    "NumberReplacer",
    *(f"ReplaceBinaryOperator_{a}_{b}" for a in ARITHMETIC for b in ARITHMETIC if a != b),
    *(f"ReplaceBinaryOperator_{a}" for a in ("FloorDiv_Div", "Mod_Mul", "Pow_Mul", "Pow_Add")),
    *(f"ReplaceBinaryOperator_{a}" for a in ("BitAnd_BitOr", "BitOr_BitAnd")),
    *(f"ReplaceComparisonOperator_{a}_{b}" for a in ORDER for b in ORDER if a != b),
    *(f"ReplaceComparisonOperator_{a}" for a in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")),
    *(f"ReplaceUnaryOperator_{a}" for a in ("Delete_USub", "Delete_Invert", "Delete_Not")),
    *("ReplaceAndWithOr", "ReplaceOrWithAnd"),
]


@dataclass(frozen=True)
class Change:
    """One change: the module's path below the root, the function around it, and the line before
    and after."""

    path: Path
    function: str
    before: str
    after: str
    line: int
    operator: str
    occurrence: int

    @property
    def key(self):
        """What names the change wherever the module stands."""
        return self.function, self.before, self.after


def places(path):
    """The operators and numbers of one module: dict of what names each to its possible changes."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    source = (ROOT / path).read_text()
    nodes, lines = list(ast_nodes(get_ast(source))), source.splitlines()
    found = collections.defaultdict(list)
    for name in OPERATORS:
        operator, occurrence = get_operator(f"core/{name}")(), -1
        for node in nodes:
            for start, _ in operator.mutation_positions(node):
                occurrence += 1
                function, is_layout = surroundings(node, path)
                is_star = "Binary" in name and node.parent.type not in BINARY
                if not is_star and not (is_layout and name == "NumberReplacer"):
                    found[(*start, function)].append((name, occurrence))
    named, again = {}, collections.Counter()
    for (line, column, function), possible in sorted(found.items()):
        text = lines[line - 1].strip()
        place = function, text, column - lines[line - 1].index(text)
        named[*place, again[place]] = [(path, line, *change) for change in possible]
        again[place] += 1
    return named


def changed(place, possible, name):
    """One of the possible changes of a place, chosen by its hash; None where there is none."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    made = []
    for path, line, name, occurrence in possible:
        source = (ROOT / path).read_text()
        after = mutate_code(source, get_operator(f"core/{name}")(), occurrence)
        if after != source and compiles(after):
            text = after.splitlines()[line - 1].strip()
            made.append(Change(path, place[0], place[1], text, line, name, occurrence))
    return made[int(drawn(place, name)[-8:], 16) % len(made)] if made else None


def drawn(place, name):
    """The hash of a place in the sample of this name."""
    return hashlib.sha256((name + repr(place)).encode()).hexdigest()


def surroundings(node, path):
    """The function or class around a node, as names with dots, and whether it draws."""
    names, is_layout = [], path.name == "style.py"
    while node := node.parent:
        if node.type in ("funcdef", "classdef"):
            names.insert(0, node.name.value)
        if node.type == "funcdef" and "figures" in path.parts:
            taken = {parameter.name.value for parameter in node.get_params()}
            is_layout |= node.name.value.startswith("draw") or bool(taken & DRAWN_ON)
    return ".".join(names) or "(module)", is_layout


def compiles(source):
    try:
        ast.parse(source or "(")
    except SyntaxError:
        return False
    return True


def sample(paths, size, name=""):
    """`size` changes, at most one of a place, and the number of places. Another name gives another
    sample."""
    everything = [item for path in paths for item in places(path).items()]
    everything.sort(key=lambda item: drawn(item[0], name))
    chosen = (changed(*item, name) for item in everything)
    chosen = list(itertools.islice(filter(None, chosen), size))
    return sorted(chosen, key=lambda change: (change.path, change.line)), len(everything)


def tests_of(path):
    """The test files of a module, and the module itself for the examples in its docstrings."""
    below = path.relative_to(PACKAGE)
    own = UNIT / below.parent / f"test_{below.name}"
    flat = UNIT / own.name
    figure = UNIT / below.parent.parent / f"test_{below.stem}_figure.py"
    candidates = dict.fromkeys([own, flat, *[figure] * (below.parent.name == "figures")])
    found = [candidate for candidate in candidates if (ROOT / candidate).exists()]
    name = str(below.with_suffix(""))
    for known, files in TESTS.items():
        if name == known or (known.endswith("/") and known in f"{name}/"):
            found += [UNIT / file for file in files]
    return [*found, path]


def passes(copy, path, limit):
    """Do the tests of a module pass in a copy of the project? Not if they take over `limit` s."""
    child = os.fork()
    if not child:
        os.setsid()
        os.chdir(copy)
        with open(copy / "output.txt", "wb") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        os.environ.update(PYTHONPATH=str(copy / "src"), PYTHONDONTWRITEBYTECODE="1")
        sys.argv[1:], sys.dont_write_bytecode = [], True
        import pytest

        options = ["-x", "-p", "no:cacheprovider", "-m", "not slow and not slurm"]
        os._exit(pytest.main([*options, *map(str, tests_of(path))]))
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) in (0, 5)  # 5: there are no tests
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def copied(folder):
    """A copy of the project's files below a folder, which holds what is not committed, too."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def preload():
    """Import what takes long and is not ours, once for all tests."""
    os.environ["MPLBACKEND"] = "agg"
    for name in SLOW_IMPORTS:
        importlib.import_module(name)
    assert "gaussianity" not in sys.modules


def noticed(chosen):
    """Run the tests for each change: yields the change and whether they noticed it."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    preload()
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder).resolve())
        for change in chosen:
            tests = tuple(tests_of(change.path)[:-1])
            if tests not in seconds:
                start = time.monotonic()
                if not passes(copy, change.path, 600):
                    raise SystemExit(
                        f"{change.path}: its tests fail without any change:\n"
                        + (copy / "output.txt").read_text()
                    )
                seconds[tests] = time.monotonic() - start
            operator = get_operator(f"core/{change.operator}")()
            source = (copy / change.path).read_text()
            (copy / change.path).write_text(mutate_code(source, operator, change.occurrence))
            yield change, not passes(copy, change.path, 30 + 4 * seconds[tests])
            (copy / change.path).write_text(source)


def equivalent():
    """The known changes that change nothing: dict of key to reason."""
    if not EQUIVALENT.exists():
        return {}
    with open(EQUIVALENT, newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["function"], row["before"], row["after"]): row["reason"] for row in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=200, help="changes in the sample")
    parser.add_argument("--sample", default="", help="any name: the sample of that name")
    parser.add_argument("--only", default="", help="modules whose path holds this text")
    parser.add_argument("--functions", nargs="*", default=[], help="only these functions")
    parser.add_argument("--list", action="store_true", help="list the sample, run nothing")
    arguments = parser.parse_args()
    paths = [path.relative_to(ROOT) for path in sorted((ROOT / PACKAGE).rglob("*.py"))]
    chosen, total = sample(paths, arguments.size, arguments.sample)
    print(f"{len(chosen)} changes of {total} operators and numbers", flush=True)
    chosen = [
        change
        for change in chosen
        if arguments.only in str(change.path)
        and (not arguments.functions or change.function in arguments.functions)
    ]
    known = equivalent()
    if arguments.list:
        for change in chosen:
            print(f"{change.path}:{change.line}\t" + "\t".join(change.key))
        return
    start, left, seen = time.monotonic(), [], 0
    for change, was_noticed in noticed([c for c in chosen if c.key not in known]):
        seen += was_noticed
        if not was_noticed:
            left.append(change)
            print(f"not noticed: {change.path}:{change.line}\t" + "\t".join(change.key), flush=True)
    total = seen + len(left)
    print(
        f"{seen} of {total} changes noticed ({seen / max(1, total):.1%}); "
        f"{len(chosen) - total} more change nothing ({EQUIVALENT.name}); "
        f"{(time.monotonic() - start) / 60:.0f} minutes"
    )
    raise SystemExit(seen < ENOUGH * total)


if __name__ == "__main__":
    main()

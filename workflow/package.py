"""The package as the rules see it: how jobs find it, and which of its files a script uses."""

import ast
import functools
import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPTS = Path("workflow/scripts")
PACKAGE = Path("src/gaussianity")
BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)  # what may hold statements


def expose_package():
    """Let every job, in whatever environment, find the package without installation."""
    own = [str(ROOT / folder) for folder in ("src", "workflow", SCRIPTS)]
    paths = [*own, *filter(None, [os.getenv("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def source_files(script):
    """The script of a rule's package modules, followed through their imports, from the root.

    A rule that declares them as inputs runs again when one of them changes.
    """
    (path,) = ROOT.glob(f"{SCRIPTS}/*/{script}.py")
    found, waiting = set(), [path.relative_to(ROOT)]
    while waiting:
        new = _imports(waiting.pop()) - found
        found |= new
        waiting += new
    return sorted(str(module) for module in found)


@functools.cache  # most rules share most modules, and every start of Snakemake asks for all rules
def _imports(file):
    """Files of this package that a file imports."""
    tree = ast.parse((ROOT / file).read_text())
    return frozenset().union(*map(_imported, _statements(tree)))


def _statements(block):
    """Every statement in a block, however deep; expressions, most of a tree, hold none."""
    for node in ast.iter_child_nodes(block):
        if isinstance(node, BLOCKS):
            yield node
            yield from _statements(node)


def _imported(node):
    """Files of this package that an import statement loads."""
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "gaussianity":
        base = PACKAGE.joinpath(*node.module.split(".")[1:])
        candidates = [base, *(base / alias.name for alias in node.names)]
    elif isinstance(node, ast.Import):
        names = [alias.name.split(".") for alias in node.names]
        candidates = [PACKAGE.joinpath(*n[1:]) for n in names if n[0] == "gaussianity"]
    else:
        return set()
    files = (candidate.with_suffix(".py") for candidate in candidates)
    return {file for file in files if (ROOT / file).is_file()}

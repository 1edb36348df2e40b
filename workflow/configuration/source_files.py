"""How jobs find the package, and which of its files a script uses."""

import ast
import functools
import os
import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = Path("workflow/scripts")
PACKAGE = Path("src/gaussianity")
BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)  # what may hold statements


def expose_package():
    """Let every job, in whatever environment, import the package, `configuration` and `job`."""
    paths = [str(ROOT / folder) for folder in ("src", "workflow", SCRIPTS)]
    paths += filter(None, [os.getenv("PYTHONPATH")])
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))


def quote_python():
    """Let Snakemake start Python below a path with a space or a parenthesis.

    It writes sys.executable into the commands of jobs without quotes.
    """
    if os.path.exists(sys.executable):  # not quoted yet
        sys.executable = shlex.quote(sys.executable)


def provide_cache():
    """Let jobs keep files in the folder of the run where the cache of HOME cannot be written."""
    try:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        cache.mkdir(parents=True, exist_ok=True)
        is_writable = os.access(cache, os.W_OK)
    except (OSError, RuntimeError):  # no folder can be made, or there is no HOME
        is_writable = False
    if not is_writable:
        os.environ["XDG_CACHE_HOME"] = str(Path.cwd() / ".snakemake" / "cache")


def relative_paths(files):
    """Files of this workflow, absolute or given from its root, as paths from the current folder.

    That is the root, except where another workflow uses this one as a module. Absolute paths would
    rerun all jobs in a copied checkout.
    """
    here = Path.cwd().resolve()
    return sorted(os.path.relpath((ROOT / file).resolve(), here) for file in files)


def source_files(script):
    """The package's files that a rule's script imports, directly or not, as `relative_paths`.

    Snakemake does not track Python imports. A rule that declares these files as inputs runs again
    when one of them changes.
    """
    found, waiting = set(), [_scripts()[script]]
    while waiting:
        new = _imports(waiting.pop()) - found
        found |= new
        waiting += new
    return relative_paths(found)


@functools.cache
def _scripts():
    """The scripts by their names, which differ between the folders of scripts."""
    return {path.stem: path for path in sorted((ROOT / SCRIPTS).rglob("*.py"))}


@functools.cache  # most rules share most modules, and each start of Snakemake reads all rules
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
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        names = []
    return frozenset().union(*map(_executed, names))


@functools.cache
def _executed(name):
    """Files that Python executes to find a name of this package, `gaussianity.<room>.<module>`.

    The `__init__.py` of every room on the way counts. The one of gaussianity itself does not: it
    only lists the modules of the public names, and every rule would depend on it.
    """
    package, *parts = name.split(".")
    found, folder = set(), PACKAGE
    for part in parts if package == PACKAGE.name else ():
        folder = folder / part
        candidates = (folder.with_suffix(".py"), folder / "__init__.py")
        found |= {file for file in candidates if (ROOT / file).is_file()}
    return frozenset(found)

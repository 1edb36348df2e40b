"""Damage of files, and the jobs that must find it."""

import importlib
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from configuration.study import Study
from gaussianity.errors import InputError
from gaussianity.io.files import write_npz, write_table
from gaussianity.io.seals import require_seal

CUTS, FLIPS = 4, 8  # of each kind of file
ALONE = ("gram", "image_subsets")  # the smoke study has no other such file of equal form
FIGURE = dict(figure_paths=dict(pdf="out/f.pdf", png="out/f.png", csv="out/f.csv"))
SMOKE_FOLDER = "results/smoke"


def shards(folder):
    return [f"{SMOKE_FOLDER}/{folder}/{k}.npz" for k in (0, 1)]


def tables(pattern):
    """Files of the smoke study in the folder where the test runs."""
    return sorted(str(path) for path in Path(SMOKE_FOLDER).glob(pattern))


def job(script, **arguments):
    """What the rule of this name does."""
    importlib.import_module(script).main(**arguments)


def cut(path, generator):
    path.write_bytes(path.read_bytes()[: generator.integers(path.stat().st_size)])


def flip(path, generator):
    content = bytearray(path.read_bytes())
    content[generator.integers(len(content))] ^= 1 << generator.integers(8)
    path.write_bytes(content)


def changed_arrays(change):
    """Damage by another program, which writes a whole file without a seal."""

    def damage(path, generator):
        if path.suffix == ".npz":
            arrays = change_largest(dict(np.load(path)), change)
            np.savez(path, **arrays)
        else:
            table = pd.read_parquet(path)
            name = table.select_dtypes("number").columns[-1]
            table[name] = change(table[[name]].to_numpy(dtype=float))[: len(table), 0]
            table.to_parquet(path, index=False)

    return damage


def change_largest(arrays, change):
    largest = max(arrays, key=lambda name: arrays[name].nbytes)
    return arrays | {largest: change(arrays[largest])}


def with_nan(array):
    array = array.astype(np.float32)
    array.flat[array.size // 2] = np.nan
    return array


CHANGES = {
    "shape": lambda array: array[..., None].repeat(2, axis=-1).reshape(*array.shape[:-1], -1),
    "dtype": lambda array: array.astype(np.float16),
    "nan": with_nan,
}


def of_another_study(path, generator):
    """The same numbers, written whole under the name that they have in another study."""
    name = str(path).replace(SMOKE_FOLDER, "results/other", 1)
    if path.suffix == ".npz":
        write_npz(name, **np.load(path))
    else:
        table = pd.read_parquet(path)
        labels = {n: table[n][0] for n in table if not pd.api.types.is_numeric_dtype(table[n])}
        write_table(name, {n: table[n].to_numpy() for n in table if n not in labels}, **labels)
    require_seal(name)
    shutil.move(name, path)


def of_another_class(path, generator):
    siblings = [p for p in path.parent.glob(f"*{path.suffix}") if p != path]
    siblings += [p for p in path.parent.parent.glob(f"*/*{path.suffix}") if p.parent != path.parent]
    shutil.copy(sorted(siblings)[0], path)


def sealed_again(change):
    """Wrong numbers that our own writer wrote under the right name."""

    def damage(path, generator):
        write_npz(path, **change_largest(dict(np.load(path)), change))

    return damage


def damages(read_by):
    """(kind, label, damage) of all cases; read_by - kind: name of a file, job that reads it."""
    for kind, (name, _) in read_by.items():
        yield from ((kind, f"cut {k}", cut) for k in range(CUTS))
        yield from ((kind, f"flip {k}", flip) for k in range(FLIPS))
        if name.endswith((".npz", ".parquet")):
            for change, function in CHANGES.items():
                yield kind, change, changed_arrays(function)
            yield kind, "another study", of_another_study
        if name.endswith(".npz") and not name.startswith("dataset"):
            yield kind, "sealed nan", sealed_again(with_nan)
        if name.count("/") > 1 and not any(part in name for part in ALONE):
            yield kind, "another class", of_another_class


def each(cases):
    """Decorator of a test that takes number, kind and damage."""
    return pytest.mark.parametrize(
        ("number", "kind", "damage"),
        [(n, kind, damage) for n, (kind, _, damage) in enumerate(cases)],
        ids=[f"{kind}-{label}" for kind, label, _ in cases],
    )


def copied_results(project, folder):
    """A folder with a copy of the smoke study's results, to be damaged, and its configuration."""
    shutil.copytree(project.folder / "results", folder / "results")
    config = yaml.safe_load((folder / SMOKE_FOLDER / "config.yaml").read_text())
    assert Study(config).name == "smoke"
    return folder, config


def require_found(name, read, config, damage, number):
    """A damaged file ends the job that reads it in a sentence that names it; nothing is written."""
    path = Path(SMOKE_FOLDER, name)
    whole = path.read_bytes()
    try:
        damage(path, np.random.default_rng([0, number]))
        assert path.read_bytes() != whole
        with pytest.raises(InputError, match=rf"^{re.escape(str(path))}: .*"):
            read(config)
    finally:
        path.write_bytes(whole)
    assert not written()


def require_read(read, config):
    """The job that refuses a damaged file accepts the whole one."""
    read(config)
    assert written()
    shutil.rmtree("out")


def written():
    return [file for file in Path("out").rglob("*") if file.is_file()]

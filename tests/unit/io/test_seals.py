"""A seal reveals every change of a file in all formats, and a file under another name."""

import json
import os
import shutil

import numpy as np
import pandas as pd
import pytest
import safetensors.torch
import torch

from gaussianity.denoisers.files import load_denoiser, save_denoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.errors import InputError
from gaussianity.io.files import read_artifact, read_tables, write_npz, write_table
from gaussianity.io.seals import MARK, require_seal


def write_pair(path):
    rows = np.arange(24.0).reshape(2, 3, 4)
    save_denoiser(GaussianDenoiser.of_classes(rows, (1, 2, 2)), path)


WRITERS = {
    "a.npz": lambda path: write_npz(path, images=np.arange(12.0).reshape(3, 4)),
    "a.parquet": lambda path: write_table(
        path, dict(rank=[1, 2, 3], x=[0.5, 1.5, 2.5]), origin="d"
    ),
    "a.safetensors": write_pair,
    "a.json": lambda path: write_pair(path.with_suffix(".safetensors")),
}


@pytest.fixture(params=WRITERS)
def sealed(request, tmp_path):
    path = tmp_path / request.param
    WRITERS[request.param](path)
    return path


def test_a_file_as_it_was_written_passes(sealed):
    require_seal(sealed)
    assert sealed.read_bytes().count(MARK) == 1


def test_every_flipped_bit_is_found(sealed):
    """Every bit of every byte is changed, also those of the seal."""
    whole = bytearray(sealed.read_bytes())
    for position in range(len(whole)):
        for bit in range(8):
            whole[position] ^= 1 << bit
            sealed.write_bytes(whole)
            with pytest.raises(InputError, match=rf"{sealed.name}: expected"):
                require_seal(sealed)
            whole[position] ^= 1 << bit
    sealed.write_bytes(whole)
    require_seal(sealed)


def test_every_cut_and_every_addition_is_found(sealed):
    whole = sealed.read_bytes()
    for changed in [*(whole[:n] for n in range(len(whole))), whole + b"x", b"x" + whole]:
        sealed.write_bytes(changed)
        with pytest.raises(InputError, match=rf"{sealed.name}: expected"):
            require_seal(sealed)


def test_another_name_is_found_unless_it_does_not_count(sealed):
    other = sealed.with_stem("b")
    shutil.copy(sealed, other)
    with pytest.raises(InputError, match=rf"{other.name}: .* written here, found {sealed.name}"):
        require_seal(other)
    require_seal(other, named=False)


def test_the_name_holds_the_folders_below_the_one_where_it_ran(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = "results/one/moments/data/a b;c.npz"
    write_npz(path, x=np.arange(3))
    require_seal(path)
    require_seal(tmp_path / path)
    shutil.copytree("results/one", "elsewhere/results/one")
    require_seal(f"elsewhere/{path}")
    shutil.copytree("results/one", "results/two")
    with pytest.raises(InputError, match=r"results/two/.*found results/one/moments/data/a%20b%3Bc"):
        require_seal(path.replace("one", "two"))


def test_what_is_no_file_of_ours(tmp_path):
    (tmp_path / "empty.npz").touch()
    np.savez(tmp_path / "foreign.npz", x=np.arange(3))
    for name, message in {
        "absent.npz": "found no such file",
        "empty.npz": "none of its seals",
        "foreign.npz": "none of its seals",
        "": "expected a readable file",
    }.items():
        with pytest.raises(InputError, match=message):
            require_seal(tmp_path / name)


def test_the_formats_own_readers_do_not_notice(tmp_path):
    for name, write in WRITERS.items():
        write(tmp_path / name)
    assert np.load(tmp_path / "a.npz").files == ["images"]
    assert pd.read_parquet(tmp_path / "a.parquet")["x"].tolist() == [0.5, 1.5, 2.5]
    assert safetensors.torch.load_file(tmp_path / "a.safetensors")
    assert json.loads((tmp_path / "a.json").read_text())["kind"] == "gaussian"


def test_tables_of_a_folder_are_one_table(tmp_path):
    """pandas reads the folder although each file has its own metadata."""
    for k in range(3):
        write_table(tmp_path / f"{k}.parquet", dict(rank=[k]), origin="d")
    assert pd.read_parquet(tmp_path)["rank"].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("a.npz", lambda path: read_artifact(path, "images")),
        ("a.parquet", lambda path: read_tables([path])),
        ("a.safetensors", load_denoiser),
        ("a.json", load_denoiser),
    ],
)
def test_readers_require_it(tmp_path, name, read):
    path = tmp_path / name
    WRITERS[name](path)
    read(path)
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    with pytest.raises(InputError, match=rf"{name}: expected"):
        read(path)


def test_a_seal_is_found_before_and_after_large_contents(tmp_path):
    write_npz(tmp_path / "a.npz", x=np.zeros(100_000))
    require_seal(tmp_path / "a.npz")
    wide = {f"a_column_with_a_long_name_{k}": [k] for k in range(300)}
    write_table(tmp_path / "a.parquet", wide)
    require_seal(tmp_path / "a.parquet")
    large = GaussianDenoiser.of_classes(
        np.random.default_rng(0).normal(size=(9, 70, 64)), (1, 8, 8)
    )
    save_denoiser(large, tmp_path / "a.safetensors")
    assert os.path.getsize(tmp_path / "a.safetensors") > 2**17
    assert (
        load_denoiser(tmp_path / "a.json")(torch.zeros(1, 1, 8, 8), 1.0, torch.eye(9)[:1])
        .isfinite()
        .all()
    )

"""What the message says of a path that no reader knows."""

import pytest

from gaussianity.data.datasets import find_reader
from gaussianity.data.unknown import what_is
from gaussianity.errors import InputError


def written(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"123")
    return folder


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "an empty folder"),
        ([".hidden/a.png", "._b.png"], "an empty folder"),
        (["a.PNG", "b.png"], "a folder of 2 files (2 .png) without a folder for each class"),
        (["cat/a.txt", "dog/b"], "a folder of 2 files (1 .txt, 1 no suffix)"),
        (["x/a.mp4"], "a folder of 1 file (1 .mp4); take videos apart into images"),
    ],
)
def test_a_folder_in_words(tmp_path, names, said):
    assert what_is(written(tmp_path, *names)) == said


def test_a_file_in_words(tmp_path):
    written(tmp_path, "a")
    assert what_is(tmp_path / "a") == "a file of another form (3 bytes)"
    (tmp_path / "a").write_bytes(b"")
    assert what_is(tmp_path / "a") == "an empty file"


def test_the_message_says_what_was_found(tmp_path):
    written(tmp_path, "films/cat/a.mp4")
    with pytest.raises(InputError, match=r"films: expected images .*found a folder of 1 file \(1"):
        find_reader(tmp_path / "films")

"""Tensors of torch.save, in both of its formats."""

import pickle

import numpy as np
import pytest
import torch
from written_datasets import IMAGES, LABELS, named_labels

from gaussianity.data.datasets import GivenDataset, find_reader, read_dataset
from gaussianity.errors import InputError

X, Y = torch.from_numpy(IMAGES), torch.from_numpy(LABELS.astype(np.int64))


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize(
    "content",
    [
        (X, Y),  # as MNIST's processed/training.pt
        [X[:, None], Y[:, None].to(torch.uint8)],
        {"images": X, "labels": Y},
        {"data": X, "targets": Y.tolist(), "version": 1},
        {"x": X.transpose(0, 2).contiguous().transpose(0, 2), "y": torch.nn.functional.one_hot(Y)},
    ],
    ids=["tuple", "list", "dict", "list of labels", "one-hot, strided"],
)
def test_tensors(tmp_path, content, is_new):
    path = tmp_path / "without_suffix"
    torch.save(content, path, _use_new_zipfile_serialization=is_new)
    assert find_reader(path) == "torch"
    data = read_dataset("torch", path)
    np.testing.assert_array_equal(data.images, IMAGES[:, None])
    assert named_labels(data) == ["7", "10", "7", "9", "10"]
    assert GivenDataset("torch", path).image_shape() == (1, 3, 2)


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16, torch.float64])
def test_floats(tmp_path, kind):
    images = torch.linspace(0, 1, 30).reshape(5, 3, 2).to(kind)
    torch.save({"images": images.requires_grad_(), "labels": Y}, tmp_path / "set.pt")
    data = read_dataset("torch", tmp_path / "set.pt")
    np.testing.assert_array_equal(data.images[:, 0], images.detach().float().numpy())
    assert data.images.dtype == np.float32


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"weight": X, "bias": Y}, "found a dict of weight, bias"),
        ((X, Y, Y), "found a tuple of 3 items"),
        (X, "found a Tensor"),
        ((X, "7"), "found a tuple of 2 items"),
    ],
)
def test_other_tensors(tmp_path, content, found):
    torch.save(content, tmp_path / "set.pt")
    with pytest.raises(InputError, match=rf"set\.pt: expected the tensors images .*, {found}$"):
        read_dataset("torch", tmp_path / "set.pt")
    with pytest.raises(InputError, match="expected images in a form that is known"):
        find_reader(tmp_path / "set.pt")


class Harmful:
    def __reduce__(self):
        return print, ("executed",)


def test_nothing_is_executed(tmp_path, capsys):
    torch.save((X, Harmful()), tmp_path / "set.pt")
    (tmp_path / "pickle.pt").write_bytes(pickle.dumps(Harmful()))
    for name in ("set.pt", "pickle.pt", "absent.pt"):
        with pytest.raises(InputError, match=rf"{name}: expected .*(tensors|found no such file)"):
            read_dataset("torch", tmp_path / name)
    assert "executed" not in capsys.readouterr().out

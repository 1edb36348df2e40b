"""Samples of a class from a saved denoiser, and errors of damaged files."""

from pathlib import Path

import numpy as np
import pytest
import torch

from gaussianity.denoisers.files import load_denoiser, save_denoiser
from gaussianity.errors import InputError
from gaussianity.io.images import to_network, to_uint8, to_unit
from gaussianity.sampling.class_samples import class_batches, class_labels, classes_denoiser
from gaussianity.sampling.sampler import sample

DATA = Path(__file__).parents[2] / "data"
SETTINGS = dict(precision="float32", compiled=False, batch_size=4, steps=5, S_churn=5.0)


@pytest.fixture
def files(tmp_path, gaussian_denoiser):
    save_denoiser(gaussian_denoiser, tmp_path / "denoiser.safetensors")
    return tmp_path / "denoiser.safetensors", tmp_path / "denoiser.json"


def batches(files, label=1, **changes):
    settings = SETTINGS | changes
    return class_batches(
        files[0], np.arange(10), image_class="cat", label=label, device="cpu", **settings
    )


@pytest.mark.parametrize("base", ["gaussian", "student_t", "multivariate_t"])
def test_a_class_is_sampled_as_from_the_python_prompt(files, base):
    found = list(batches(files, base=base))
    assert [list(seeds) for seeds, _, _ in found] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    labels = torch.eye(2)[[1] * 10]
    expected = sample(load_denoiser(files[0]), range(10), labels, steps=5, S_churn=5.0, base=base)
    images = torch.cat([images for _, images, _ in found])
    torch.testing.assert_close(images, expected, rtol=1e-10, atol=1e-10)


def test_samples_kept_in_float32_are_those_stored_in_8_bits(files):
    """They differ by at most one level, for pixels at the edge between two levels."""
    x = torch.cat([images for _, images, _ in batches(files)])
    moved = to_uint8(to_network(to_unit(x), np.float64)).astype(int) - to_uint8(x)
    assert np.abs(moved).max() <= 1
    assert (moved != 0).mean() < 0.01


def test_an_unknown_label_is_one_sentence(files):
    with pytest.raises(InputError, match="the label 2 of the class cat, found 2 labels"):
        next(batches(files, label=2))


def test_the_labels_of_all_classes_are_checked(files):
    assert classes_denoiser(files[0], {"cat": 1, "dog": 0}, "cpu").label_dim == 2
    with pytest.raises(InputError, match="the label 2 of the class cat, found 2 labels"):
        classes_denoiser(files[0], {"cat": 2, "dog": 0}, "cpu")


def test_a_conditional_denoiser_needs_a_label(files):
    with pytest.raises(InputError, match="since the class cat has no label, found 2 labels"):
        next(batches(files, label=None))


def test_an_unconditional_denoiser_is_sampled_without_labels(tmp_path, gaussian_denoiser):
    path = tmp_path / "alone.safetensors"
    save_denoiser(load_denoiser(DATA / "adm-narrow.pkl"), path)
    images = torch.cat([images for _, images, _ in batches([path], label=None, batch_size=10)])
    expected = sample(load_denoiser(path), range(10), None, steps=5, S_churn=5.0)
    torch.testing.assert_close(images, expected, rtol=1e-10, atol=1e-10)
    assert class_labels(gaussian_denoiser, None, 3) is None
    assert class_labels(gaussian_denoiser, 1, 2).tolist() == [[0, 1], [0, 1]]


def test_an_image_that_is_not_finite_is_one_sentence(files):
    with pytest.raises(InputError, match=r"denoiser.safetensors: array samples must be finite"):
        list(batches(files, S_noise=1e308))


@pytest.mark.parametrize("which", [0, 1])
def test_a_damaged_file_is_one_sentence(files, which):
    content = bytearray(files[which].read_bytes())
    content[len(content) // 2] ^= 1
    files[which].write_bytes(content)
    with pytest.raises(InputError, match=rf"{files[which].name}: expected"):
        next(batches(files))

"""A Python function as a denoiser: its arguments, its result, and its import."""

import sys

import pytest
import safetensors.torch
import torch

from gaussianity.denoisers.files import load_denoiser, save_denoiser
from gaussianity.denoisers.from_function import CallableDenoiser
from gaussianity.errors import InputError
from gaussianity.sampling.sampler import sample

MODULE = """
import numpy as np
import torch

calls = []
settings = dict(scale=0.5)


def recorded(x, sigma, class_labels):
    calls.append((x, sigma, class_labels))
    return x / 2


def single(x, sigma, class_labels):
    return (x / 2).float()


def narrow(x, sigma, class_labels):
    return x[:, :1]


def array(x, sigma, class_labels):
    return np.zeros(x.shape)


def nothing(x, sigma, class_labels):
    pass
"""
# The exact denoiser of the test's Gaussian classes, from a file of its own.
WRAPPED = """
from gaussianity import load_denoiser

exact = load_denoiser("exact.safetensors")


def denoise(x, sigma, class_labels):
    return exact(x, sigma, class_labels)
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    """The module `functions` in the current folder; modules are forgotten after the test."""
    (tmp_path / "functions.py").write_text(MODULE)
    (tmp_path / "wrapped.py").write_text(WRAPPED)
    (tmp_path / "broken.py").write_text("import a_module_that_is_not_there\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("functions", "wrapped", "broken"):
        sys.modules.pop(name, None)


def denoiser(function, label_dim=2):
    return CallableDenoiser(image_shape=[3, 2, 2], label_dim=label_dim, function=function)


def images(n, dtype=torch.float64):
    return torch.arange(12.0 * n, dtype=dtype).reshape(n, 3, 2, 2)


def calls(made):
    """Arguments of all calls of the function `recorded` since its import."""
    return sys.modules[made.function.__module__].calls


@pytest.mark.parametrize("label_dim", [0, 2])
def test_the_sampler_gives_it_float64_a_float_and_one_hot_labels(module, label_dim):
    made = denoiser("functions:recorded", label_dim)
    sample(made, range(5), steps=3, S_churn=1.0)
    assert len(calls(made)) == 2 * 3 - 1
    for x, sigma, labels in calls(made):
        assert (x.dtype, tuple(x.shape)) == (torch.float64, (5, 3, 2, 2))
        assert isinstance(sigma, float)
        if not label_dim:
            assert labels is None
        else:
            assert (labels.dtype, tuple(labels.shape)) == (torch.float32, (5, 2))
            assert labels.sum(dim=1).tolist() == [1.0] * 5
            assert set(labels.flatten().tolist()) == {0.0, 1.0}


def test_a_noise_level_per_image_and_labels_reach_it_as_they_are(module):
    made, labels = denoiser("functions:recorded"), torch.eye(2)
    levels = torch.tensor([0.1, 20.0], dtype=torch.float64)
    made(images(2), levels, labels)
    made(images(2), 0.3)
    (_, given, of_class), (_, scalar, of_none) = calls(made)
    assert torch.equal(given, levels)
    assert torch.equal(of_class, labels)
    assert (scalar, of_none) == (0.3, None)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_it_is_given_float64_whatever_it_is_called_with(module, dtype):
    made = denoiser("functions:recorded")
    found = made(images(2, dtype), 1.0)
    assert calls(made)[0][0].dtype == torch.float64
    assert found.dtype == dtype


@pytest.mark.parametrize("function", ["recorded", "single"])
def test_denoised_images_are_the_functions_in_the_dtype_of_the_input(module, function):
    found = denoiser(f"functions:{function}")(images(4), 1.0)
    assert found.dtype == torch.float64
    assert torch.equal(found, images(4) / 2)


def test_around_the_exact_denoiser_it_samples_the_same_images(module, gaussian_denoiser):
    save_denoiser(gaussian_denoiser, module / "exact.safetensors")
    save_denoiser(denoiser("wrapped:denoise"), module / "saved.safetensors", ["cat", "dog"])
    loaded = load_denoiser(module / "saved.json")
    assert (loaded.image_shape, loaded.label_dim) == ((3, 2, 2), 2)
    assert loaded.class_names == ["cat", "dog"]
    labels, churn = torch.eye(2)[[0, 1, 1, 0]], dict(steps=6, S_churn=5.0, S_noise=1.003)
    for given in (labels, None):
        found = sample(loaded, range(4), given, **churn)
        assert torch.equal(found, sample(gaussian_denoiser, range(4), given, **churn))


def test_it_is_found_in_the_current_folder_alone(tmp_path, monkeypatch):
    (tmp_path / "only_here.py").write_text("def f(x, sigma, class_labels):\n    return x\n")
    monkeypatch.setattr(sys, "path", [part for part in sys.path if part])
    monkeypatch.chdir(tmp_path)
    torch.testing.assert_close(denoiser("only_here:f")(images(1), 1.0), images(1))
    del sys.modules["only_here"]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("absent_module:f", "an importable module:function: No module named 'absent_module'"),
        ("absent.package:f", "an importable module:function: No module named 'absent'"),
        ("broken:f", "importable module:function: No module named 'a_module_that_is_not_there'"),
        ("functions", "expected an importable module:function: "),
        ("functions:", "expected an importable module:function: "),
        (":recorded", "expected an importable module:function: "),
        (".functions:recorded", "expected an importable module:function: "),
        ("functions:absent", "importable module:function: .*no attribute 'absent'"),
        ("functions:settings", "expected a function, found a dict"),
    ],
)
def test_a_function_that_cannot_be_had_is_named(module, function, message):
    with pytest.raises(InputError, match=f"^{function}: .*{message}"):
        denoiser(function)


@pytest.mark.parametrize(
    ("function", "found"),
    [
        ("narrow", r"\(2, 1, 2, 2\)"),
        ("nothing", "NoneType"),
        ("array", ".*ndarray"),
    ],
)
def test_what_is_no_tensor_of_the_shape_of_x_is_refused(module, function, found):
    made = denoiser(f"functions:{function}")
    message = rf"expected a torch tensor of shape \(2, 3, 2, 2\).*, found a .*{found}"
    with pytest.raises(InputError, match=rf"^functions:{function}: {message}"):
        made(images(2), 1.0)


def test_a_saved_function_that_is_gone_is_named(module):
    save_denoiser(denoiser("functions:recorded"), module / "d.safetensors")
    (module / "functions.py").write_text("")
    del sys.modules["functions"]
    with pytest.raises(InputError, match=r"^functions:recorded: expected an importable"):
        load_denoiser(module / "d.json")


def test_nothing_but_its_name_is_saved(module):
    save_denoiser(denoiser("functions:recorded"), module / "d.safetensors")
    assert safetensors.torch.load_file(module / "d.safetensors") == {}
    assert '"function": "functions:recorded"' in (module / "d.json").read_text()

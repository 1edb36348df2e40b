"""Features of images: kinds of networks, their errors, and torchvision's models."""

import shutil
import sys
import zlib

import features as features_script
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gaussianity.data.features import Features
from gaussianity.errors import InputError
from gaussianity.io.files import write_npz
from gaussianity.io.images import read_rows
from gaussianity.moments.moments import image_moments

SIZE = 5
MODULE = """
import numpy as np
import torch
from torch import nn

seen = []
number = 7


def random_layer():
    torch.manual_seed(3)
    layers = nn.Sequential(nn.Flatten(), nn.Linear(32, 5), nn.Dropout(0.5), nn.ReLU())
    return layers.requires_grad_(True)


def from_file(path):
    matrix = torch.load(path, weights_only=True)
    return lambda images: images.flatten(1) @ matrix


def recorded():
    def network(images):
        seen.append(images)
        return images.flatten(1)[:, :5].double()
    return network


def narrow():
    return lambda images: images.flatten(1)[:, :4]


def maps():
    return lambda images: images[:, :1].expand(-1, 5, -1, -1)


def array():
    return lambda images: np.zeros((len(images), 5))


def broken():
    def network(images):
        found = images.flatten(1)[:, :5].clone()
        found[[5, 8], 2] = torch.nan
        return found
    return network


def nothing():
    return number
"""
# Models in the form of torchvision's, with few weights.
TORCHVISION = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 5, 3, padding=1)
        self.norm = nn.BatchNorm2d(5)
        self.fc = nn.Linear(5, 10)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x))).mean((2, 3))
        return self.fc(x)


def resnet_tiny(*, weights=None):
    return Net()


def headless():
    return nn.Conv2d(3, 5, 3)
"""


@pytest.fixture(autouse=True)
def modules(tmp_path, monkeypatch):
    """The modules `networks` and `torchvision.models` in the current folder, forgotten later."""
    (tmp_path / "networks.py").write_text(MODULE)
    (tmp_path / "torchvision").mkdir()
    (tmp_path / "torchvision" / "__init__.py").write_text("")
    (tmp_path / "torchvision" / "models.py").write_text(TORCHVISION)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    names = ("networks", "torchvision", "torchvision.models")
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    yield
    for name in names:
        sys.modules.pop(name, None)
    sys.modules.update(kept)


def images(count=9, channels=2, dtype=np.uint8):
    generator = np.random.default_rng(1)
    found = generator.integers(256, size=(count, channels, 4, 4), dtype=np.uint8)
    return found if dtype == np.uint8 else (found / 255).astype(np.float32)


def unit(stored):
    return torch.tensor(stored.astype(np.float32) / np.float32(255))


def test_a_module_is_evaluated_as_it_stands():
    """The network gets [0, 1] units and computes without dropout and gradients."""
    found = Features("networks:random_layer", size=SIZE).of_images(images(), 100)
    direct = sys.modules["networks"].random_layer().eval()(unit(images()))
    assert found.dtype == np.float32
    torch.testing.assert_close(torch.tensor(found), direct.detach())
    assert (found > 0).any()
    assert (found == 0).any()


@pytest.mark.parametrize("batch_size", [1, 2, 4, 9, 10])
def test_batches_do_not_matter(batch_size):
    made = Features("networks:random_layer", size=SIZE)
    together = made.of_images(images(), 9)
    np.testing.assert_allclose(made.of_images(images(), batch_size), together, rtol=1e-5, atol=1e-7)


def test_the_network_is_given_batches_in_unit_form():
    Features("networks:recorded", size=SIZE).of_images(images(), 4)
    seen = sys.modules["networks"].seen
    assert [part.shape for part in seen] == [(4, 2, 4, 4), (4, 2, 4, 4), (1, 2, 4, 4)]
    assert all(part.dtype == torch.float32 for part in seen)
    torch.testing.assert_close(torch.cat(seen), unit(images()))


def test_float_images_are_not_clipped():
    stored = images(dtype=np.float32) * 3 - 1
    found = Features("networks:recorded", size=SIZE).of_images(stored, 4)
    np.testing.assert_array_equal(found, stored.reshape(9, -1)[:, :5])


def test_the_callable_is_given_the_weights(tmp_path):
    matrix = torch.randn(32, SIZE, generator=torch.Generator().manual_seed(0))
    torch.save(matrix, tmp_path / "matrix.pt")
    made = Features("networks:from_file", size=SIZE, weights=str(tmp_path / "matrix.pt"))
    found = torch.tensor(made.of_images(images(), 3))
    torch.testing.assert_close(found, unit(images()).flatten(1) @ matrix)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("absent:f", r"absent:f: expected an importable module:function: No module named"),
        ("networks:absent", r"networks:absent: expected an importable module:function: .*absent"),
        ("networks:number", r"networks:number: expected a function, found a int"),
        ("networks:nothing", r"networks:nothing: expected that its call returns .*, found a int"),
        ("networks:narrow", r"of shape \(9, 5\) of 9 images .*found a tensor of shape \(9, 4\)"),
        ("networks:maps", r"of shape \(9, 5\) .*found a tensor of shape \(9, 5, 4, 4\)"),
        ("networks:array", r"networks:array: expected features .*, found ndarray"),
        ("networks:broken", r"found NaN or infinity in those of 2 of 9 images, first of number 5"),
    ],
)
def test_what_is_no_network_is_refused(name, sentence):
    with pytest.raises(InputError, match=sentence):
        Features(name, size=SIZE).of_images(images(), 100)


def trained(path):
    """A model of the stand-in for torchvision with random weights, saved."""
    torch.manual_seed(zlib.crc32(b"weights"))
    from torchvision.models import Net

    model = Net()
    model.norm.running_mean.normal_()
    model.norm.running_var.uniform_(0.5, 2)
    torch.save(model.state_dict(), path)
    return model.eval()


@pytest.mark.parametrize(("channels", "resize"), [(1, None), (3, None), (3, 8), (3, 4)])
def test_torchvisions_features_are_what_its_head_is_given(tmp_path, channels, resize):
    """The head of the whole model, on normalised images of the asked size, from our features."""
    model = trained(tmp_path / "net.pth")
    made = Features(
        "torchvision.models:resnet_tiny", size=5, weights=tmp_path / "net.pth", resize=resize
    )
    found = torch.tensor(made.of_images(images(channels=channels), 4))
    given = unit(images(channels=channels)).expand(-1, 3, -1, -1)
    side = resize or 224
    if side != 4:
        given = F.interpolate(given, (side, side), mode="bilinear", antialias=True)
    # What torchvision documents for its weights.
    published = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    mean, std = (torch.tensor(part).reshape(1, 3, 1, 1) for part in published)
    with torch.no_grad():
        expected = model((given - mean) / std)
        torch.testing.assert_close(model.fc(found), expected, rtol=1e-4, atol=1e-5)


def test_torchvisions_weights_must_fit(tmp_path):
    torch.save(dict(other=torch.zeros(2)), tmp_path / "other.pth")
    shutil.copy("networks.py", tmp_path / "text.pth")
    torch.save(nn.Linear(2, 2), tmp_path / "module.pth")  # a pickle of code, refused
    for name in ("other.pth", "text.pth", "module.pth", "absent.pth"):
        with pytest.raises(InputError, match=rf"{name}: expected the weights of Net as torch.save"):
            Features("torchvision.models:resnet_tiny", size=5, weights=tmp_path / name)


def test_torchvisions_models_without_a_head_are_refused(tmp_path):
    torch.save(nn.Conv2d(3, 5, 3).state_dict(), tmp_path / "conv.pth")
    with pytest.raises(InputError, match=r"Conv2d of torchvision: .* found none; wrap it"):
        Features("torchvision.models:headless", size=5, weights=tmp_path / "conv.pth")


def test_torchvisions_models_take_grey_and_colour_only(tmp_path):
    trained(tmp_path / "net.pth")
    made = Features("torchvision.models:resnet_tiny", size=5, weights=tmp_path / "net.pth")
    with pytest.raises(InputError, match="1 or 3 channels, found 2"):
        made.of_images(images(channels=2), 4)


def test_the_rule_writes_what_later_stages_read():
    """Features stored as images have the rows and moments of the features."""
    write_npz("images.npz", images=images())
    features_script.main(
        images_path="images.npz",
        features_path="features.npz",
        network=dict(name="networks:random_layer", size=SIZE, weights=None, resize=None),
        batch_size=4,
        device="cpu",
    )
    direct = sys.modules["networks"].random_layer().eval()(unit(images())).detach().numpy()
    stored = np.load("features.npz")["images"]
    assert stored.dtype == np.float32
    assert stored.shape == (9, SIZE, 1, 1)
    (found,) = read_rows(["features.npz"])
    np.testing.assert_allclose(found, direct, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(image_moments([stored]).covariance, np.cov(direct.T), rtol=1e-4)

"""A copy detector from a local file: similarity of copies, threshold, errors."""

import numpy as np
import pytest
import torch
from torch import nn

from gaussianity.data.features import MEAN, STD
from gaussianity.errors import InputError
from gaussianity.molrg import copy_detection
from gaussianity.molrg.copy_detection import CopyDetector, unlike_share


class Averages(nn.Module):
    """Network that returns the mean of each channel, in [0, 1] units."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN))
        self.register_buffer("std", torch.tensor(STD))

    def forward(self, images):
        return images.mean(dim=[2, 3]) * self.std + self.mean


@pytest.fixture
def detector(tmp_path, monkeypatch):
    monkeypatch.setattr(copy_detection, "SIDE", 16)
    path = str(tmp_path / "detector.torchscript.pt")
    torch.jit.script(Averages()).save(path)
    return CopyDetector(path)


def test_embeddings_are_unit_vectors_of_what_the_network_sees(detector):
    images = np.random.default_rng(0).uniform(size=(5, 3, 4, 4)).astype(np.float32)
    images[:] = images.mean(axis=(2, 3), keepdims=True)  # flat, so that scaling changes nothing
    expected = images[:, :, 0, 0] / np.linalg.norm(images[:, :, 0, 0], axis=1, keepdims=True)
    found = detector.embeddings(images, batch_size=2)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    grey = detector.embeddings(images[:, :1])
    np.testing.assert_allclose(grey, 3**-0.5, rtol=1e-5)


def test_copies_are_alike_and_others_not():
    training = np.eye(4)[:2]
    half = np.array([[0.59, np.sqrt(1 - 0.59**2), 0, 0], [0.61, 0, np.sqrt(1 - 0.61**2), 0]])
    rest = 0.025**0.5  # both rows on the same side, of probability 0.025 at an interval's end
    assert unlike_share(training, training) == pytest.approx((0, 0, 1 - rest))
    assert unlike_share(np.eye(4)[2:], training) == pytest.approx((1, rest, 1))
    found = unlike_share(half[:, [0, 2, 1, 3]], training[:1])
    assert found == pytest.approx((0.5, 1 - 0.975**0.5, 0.975**0.5))


def test_a_file_that_is_none_is_refused(tmp_path):
    path = tmp_path / "sscd.pt"
    with pytest.raises(InputError, match=r"sscd.pt: expected a TorchScript file"):
        CopyDetector(str(path))
    path.write_bytes(b"text")
    with pytest.raises(InputError, match=r"sscd.pt: expected a TorchScript file"):
        CopyDetector(str(path))


class Flat(nn.Module):
    """Network that takes only images of 8 x 8 pixels."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3 * 8 * 8, 4)

    def forward(self, images):
        return self.linear(images.flatten(1))


class Score(nn.Module):
    def forward(self, images):
        return images.mean()


class Pair(nn.Module):
    def forward(self, images):
        return images, images


@pytest.mark.parametrize(
    ("network", "message"),
    [(Flat(), r"5, 3, 16, 16\): mat1.*768"), (Score(), r"found \(\)"), (Pair(), "found tuple")],
)
def test_a_network_of_other_images_or_features_is_refused(network, message, tmp_path, monkeypatch):
    monkeypatch.setattr(copy_detection, "SIDE", 16)
    path = str(tmp_path / "other.pt")
    torch.jit.script(network).save(path)
    with pytest.raises(InputError, match=rf"other.pt: expected a network that makes .*{message}"):
        CopyDetector(path).embeddings(np.zeros((5, 3, 4, 4), dtype=np.float32))

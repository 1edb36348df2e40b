"""What several test files share."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from gaussianity.denoisers.gaussian import GaussianDenoiser

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
# Tests import a rule's script by its name, whichever topic's folder it is in.
sys.path += map(str, sorted((ROOT / "workflow/scripts").glob("*/")))


@pytest.fixture(scope="session")
def shared():
    """The folder of reference material beside the checkout; tests that need it skip without it."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the reference material in {SHARED}, which is not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def gaussian_classes():
    """Two classes of rows (n, 12) in the network form whose covariances differ."""
    generator = np.random.default_rng(0)
    mixing = generator.standard_normal((2, 12, 12)) * np.array([0.15, 0.3])[:, None, None]
    means = generator.uniform(-0.5, 0.5, (2, 1, 12))
    return [
        generator.standard_normal((300, 12)) @ m + mean
        for m, mean in zip(mixing, means, strict=True)
    ]


@pytest.fixture(scope="session")
def gaussian_denoiser(gaussian_classes):
    """The exact denoiser of those classes as images of shape (3, 2, 2)."""
    return GaussianDenoiser.of_classes(gaussian_classes, (3, 2, 2)).eval()


@pytest.fixture(autouse=True)
def _single_thread():
    torch.set_num_threads(1)

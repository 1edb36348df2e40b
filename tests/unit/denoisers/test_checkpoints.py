"""A training kept on the way."""

import numpy as np
import pytest
import torch

from gaussianity.denoisers.files import load_denoiser
from gaussianity.denoisers.training import train_checkpoints
from gaussianity.errors import InputError

NETWORK = dict(architecture="song", model_channels=4, channel_mult=[1], num_blocks=1, dropout=0.1)
TRAINING = dict(batch_size=4, learning_rate=0.01, warmup_steps=2)


def trained(folder, lengths, network=NETWORK, training=TRAINING):
    paths = {steps: folder / f"{steps}.safetensors" for steps in lengths}
    losses = train_checkpoints(
        np.random.default_rng(0).standard_normal((6, 3, 4, 4)).astype(np.float32),
        paths,
        prefix="config: part.",
        sigma_data=1.0,
        network=network,
        training=training,
        generator=np.random.default_rng(1),
    )
    return losses, {steps: load_denoiser(path) for steps, path in paths.items()}


def test_each_file_is_a_training_of_its_length(tmp_path):
    """Dropout included, and whatever the lengths' order."""
    losses, kept = trained(tmp_path / "long", [3, 1])
    shorter, last = trained(tmp_path / "short", [1])
    assert losses.shape == (3,)
    np.testing.assert_array_equal(losses[:1], shorter)
    x = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    assert torch.equal(kept[1](x, 1.0), last[1](x, 1.0))
    assert not torch.equal(kept[3](x, 1.0), kept[1](x, 1.0))
    assert kept[3].label_dim == 0
    assert kept[3].arguments["network"] == NETWORK


def test_what_does_not_fit_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"config: part.network: channel_mult has 4 levels"):
        trained(tmp_path, [1], network=NETWORK | dict(channel_mult=[1] * 4))
    with pytest.raises(InputError, match=r"config: part.training.learning_rate must let .* lower"):
        trained(tmp_path, [3], training=TRAINING | dict(learning_rate=1e30))

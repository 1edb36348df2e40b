"""Arguments of NVIDIA's networks: a checkpoint holds those that differ from the defaults."""

import pytest

from gaussianity.denoisers.from_edm import NETWORKS

# From the constructors in training/networks.py of github.com/NVlabs/edm, in their order.
ADM = dict(model_channels=192, channel_mult=[1, 2, 3, 4], channel_mult_emb=4, num_blocks=3)
ADM |= dict(attn_resolutions=[32, 16, 8], dropout=0.1, label_dropout=0)
SONG = dict(model_channels=128, channel_mult=[1, 2, 2, 2], channel_mult_emb=4, num_blocks=4)
SONG |= dict(attn_resolutions=[16], dropout=0.1, label_dropout=0, embedding_type="positional")
SONG |= dict(channel_mult_noise=1, encoder_type="standard", decoder_type="standard")
SONG |= dict(resample_filter=[1, 1])


@pytest.mark.parametrize(("name", "expected"), [("DhariwalUNet", ADM), ("SongUNet", SONG)])
def test_defaults_are_nvidias(name, expected):
    first = dict(img_resolution=None, in_channels=None, out_channels=None)
    expected = first | dict(label_dim=0, augment_dim=0) | expected
    assert list(NETWORKS[name][1].items()) == list(expected.items())

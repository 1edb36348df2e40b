"""Arguments of NVIDIA's networks: a checkpoint holds those that differ from the defaults."""

from pathlib import Path

import pytest

from gaussianity.denoisers.from_edm import NETWORKS, _network
from gaussianity.io.restricted_pickle import read_pickle

DATA = Path(__file__).parents[2] / "data"

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


def claimed(**arguments):
    """What is read of a small SongUNet whose record has these arguments."""
    model = read_pickle(DATA / "ddpmpp-vp.pkl")["ema"].state["_modules"]["model"]
    model.state["_init_kwargs"].update(arguments)
    return _network(model)[1]


def test_a_record_has_no_more_blocks_or_taps_than_it_can_hold():
    """Such claims would take long or much memory before the weights are compared."""
    assert claimed(resample_filter=[1] * 16)["taps"] == [1] * 16
    levels = len(claimed()["channel_mult"])
    for wrong in (dict(resample_filter=[1] * 17), dict(num_blocks=10**6)):
        with pytest.raises(ValueError, match="SongUNet claims more blocks or taps than it has"):
            claimed(**wrong)
    with pytest.raises(ValueError, match="claims more blocks"):
        claimed(channel_mult=[1] * 10**3)
    assert levels == 2

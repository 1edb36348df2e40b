"""The order and the channels of a U-Net's blocks, by hand."""

import pytest

from gaussianity.networks.layout import levels_with_attention, unet_layout


def rows(blocks):
    return [(b.inputs, b.outputs, b.attention, b.resample, b.takes_skip) for b in blocks]


def test_blocks_of_two_levels():
    found = unet_layout(16, [32, 96], 1, [False, True])
    assert rows(found.encoder) == [
        (16, 32, False, None, False),
        (32, 32, False, "down", False),
        (32, 96, True, None, False),
    ]
    assert rows(found.middle) == [(96, 96, True, None, False), (96, 96, False, None, False)]
    assert rows(found.decoder) == [
        (96 + 96, 96, True, None, True),
        (96 + 32, 96, True, None, True),
        (96, 96, False, "up", False),
        (96 + 32, 32, False, None, True),
        (32 + 16, 32, False, None, True),
    ]
    assert found.last == 32


@pytest.mark.parametrize(
    ("where", "attention"), [("all", [True] * 3), ("last", [False, False, True])]
)
def test_attention_of_a_decoders_level(where, attention):
    found = unet_layout(8, [8], 2, [True], decoder_attention=where)
    assert [block.attention for block in found.decoder] == attention
    assert [block.attention for block in found.encoder] == [True, True]


def test_levels_halve_the_resolution():
    assert levels_with_attention(32, 4, [32, 8]) == [True, False, True, False]

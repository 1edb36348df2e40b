"""The lines of the figure of concentration."""

from figure_cases import ALL

from gaussianity.universality.figures import concentration


def test_every_base_of_the_sampler_has_a_line():
    from gaussianity.sampling.sampler import BASES

    assert set(concentration.BASES) == {f"base-{base}" for base in BASES}
    colours = [concentration.look(name)["color"] for name in (*ALL, *concentration.BASES)]
    assert len(set(colours)) == len(colours)

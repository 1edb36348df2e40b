"""The names that the package offers."""

import pytest

import gaussianity


@pytest.mark.parametrize("name", gaussianity.__all__)
def test_every_name_is_that_of_an_object(name):
    assert getattr(gaussianity, name).__name__ == name


def test_no_name_is_that_of_a_folder_or_module():
    """Python puts an imported module in the place of a name that it shares."""
    homes = {home.split(".")[0] for home in gaussianity._HOMES.values()}
    assert not set(gaussianity.__all__) & homes


def test_an_unknown_name():
    with pytest.raises(AttributeError, match="has no attribute 'weather'"):
        _ = gaussianity.weather

"""One image of the user in the shape of a study's images."""

import numpy as np
import pytest
from PIL import Image

from gaussianity.data.one_image import read_one_image
from gaussianity.errors import InputError


def saved(folder, pixels):
    path = str(folder / "own.png")
    Image.fromarray(np.asarray(pixels, dtype=np.uint8)).save(path)
    return path


def test_an_image_of_the_right_size_is_read_as_it_is(tmp_path):
    pixels = np.random.default_rng(0).integers(256, size=(6, 4, 3))
    found = read_one_image(saved(tmp_path, pixels), (3, 6, 4))
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found[0], pixels.transpose(2, 0, 1))


def test_grey_values_and_the_central_square(tmp_path):
    """The left and right quarter are white and outside the central square, which is grey 51."""
    pixels = np.full((8, 16, 3), 51)
    pixels[:, :4] = pixels[:, 12:] = 255
    found = read_one_image(saved(tmp_path, pixels), (1, 4, 4))
    np.testing.assert_array_equal(found, np.full((1, 1, 4, 4), 51))


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ((3, 6, 4), r"own.png: expected 6 x 4 pixels, found 8 x 8$"),
        ((2, 8, 8), r"own.png: expected a study of images of 1 or 3 channels, found 2 channels$"),
    ],
)
def test_an_image_that_does_not_fit(tmp_path, shape, sentence):
    with pytest.raises(InputError, match=sentence):
        read_one_image(saved(tmp_path, np.zeros((8, 8, 3))), shape)


def test_no_file_and_no_image(tmp_path):
    with pytest.raises(InputError, match=r"own.png: expected the file of an image, found no such"):
        read_one_image(str(tmp_path / "own.png"), (1, 8, 8))
    (tmp_path / "own.png").write_text("no image")
    with pytest.raises(InputError, match=r"own\.png"):
        read_one_image(str(tmp_path / "own.png"), (1, 8, 8))

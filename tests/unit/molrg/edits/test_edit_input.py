"""Principal directions of classes and given images, against arrays by hand."""

import numpy as np
import torch
from PIL import Image

from gaussianity.molrg.edits.edit_input import class_directions, given_images


def classes():
    """Two classes of 5 and 4 rows, of different leading pixel, around a mean of 0.5."""
    generator = np.random.default_rng(0)
    rows = [0.5 + 0.01 * generator.standard_normal((n, 16)) for n in (5, 4)]
    for k, of_class in enumerate(rows):
        of_class[:, 3 + k] += np.linspace(-0.4, 0.4, len(of_class))
    return rows


def test_every_class_has_its_own_directions_and_as_many():
    """Four rows about their mean span three dimensions."""
    found = class_directions(classes(), 9)
    assert found.shape == (2, 3, 16)
    gram = found @ found.mT
    torch.testing.assert_close(gram, torch.eye(3).double().expand(2, 3, 3))
    for k in range(2):
        assert found[k, 0, 3 + k] > 0.99
    assert class_directions(classes(), 2).shape == (2, 2, 16)


def test_given_images_are_the_first_of_every_class_by_turns():
    rows = classes()
    images, numbers = given_images(rows, 2, (1, 4, 4))
    assert numbers.tolist() == [0, 1, 0, 1]
    expected = np.stack([rows[0][0], rows[1][0], rows[0][1], rows[1][1]]) * 2 - 1
    np.testing.assert_allclose(images.numpy().reshape(4, 16), expected)
    assert len(given_images(rows, 99, (1, 4, 4))[0]) == 8


def test_the_users_image_is_the_first(tmp_path):
    path = str(tmp_path / "own.png")
    Image.fromarray(np.full((4, 4), 255, np.uint8)).save(path)
    images, numbers = given_images(classes(), 0, (1, 4, 4), path=path, of_class=1)
    assert numbers.tolist() == [1]
    np.testing.assert_array_equal(images.numpy(), np.ones((1, 1, 4, 4)))

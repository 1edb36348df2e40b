"""Images of classes as rows, from files and from arrays."""

import numpy as np
import pytest

from gaussianity.io import class_images
from gaussianity.io.class_images import ImageArrays, ImageFiles
from gaussianity.io.files import write_npz


@pytest.fixture(params=["files", "arrays"])
def images(request, tmp_path, monkeypatch):
    """Two classes of 7 images of 4 pixels; those of class k are k + 0, 1, ..., 6 over 10."""
    monkeypatch.setattr(class_images, "ROWS", 2)
    values = [(k + np.arange(7)[:, None] * np.ones(4)).astype(np.float32) / 10 for k in range(2)]
    if request.param == "arrays":
        return ImageArrays(values)
    paths = []
    for k, rows in enumerate(values):
        paths.append([tmp_path / f"{k}{part}.npz" for part in range(2)])
        for path, part in zip(paths[-1], (rows[:3], rows[3:]), strict=True):
            write_npz(path, images=part.reshape(-1, 1, 2, 2))
    return ImageFiles(paths)


def test_batches_are_all_rows_in_order(images):
    assert len(images) == 2
    rows = np.concatenate(list(images.batches(1)))
    np.testing.assert_allclose(rows[:, 0], (1 + np.arange(7)) / 10, rtol=1e-6)


def test_chosen_rows_keep_the_order_asked_for(images):
    found = images.chosen(0, np.array([5, 0, 3]))
    np.testing.assert_allclose(found, np.array([[5], [0], [3]]) * np.ones(4) / 10, rtol=1e-6)


def test_selected_rows_in_batches(images):
    found = list(images.selected(0, np.array([0, 2, 3, 6])))
    np.testing.assert_allclose(np.concatenate(found)[:, 0], [0, 0.2, 0.3, 0.6], rtol=1e-6)

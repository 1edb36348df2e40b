"""Pictures in a file that has no NaN."""

import numpy as np
import pytest

from gaussianity.distribution.pictures.stored_pictures import restored, storable
from gaussianity.io.files import read_artifact, write_npz

PICTURES = dict(
    mean=np.array([0.5, 0.25]),
    pixel_map=np.array([np.nan, 0.0]),
    scores=np.zeros(0),
    worst_p=np.float64(np.nan),
    rank=np.int64(3),
)


def test_pictures_come_back_from_a_file(tmp_path):
    write_npz(tmp_path / "pictures.npz", **storable(PICTURES))
    found = restored(read_artifact(tmp_path / "pictures.npz"))
    assert found.keys() == PICTURES.keys()
    for name, array in PICTURES.items():
        np.testing.assert_array_equal(found[name], array)
        assert np.shape(found[name]) == np.shape(array)


def test_infinity_is_not_hidden(tmp_path):
    write_npz(tmp_path / "pictures.npz", **storable(dict(mean=[np.inf, np.nan])))
    with pytest.raises(ValueError, match="array mean must be finite, found inf"):
        read_artifact(tmp_path / "pictures.npz")

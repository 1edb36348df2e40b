"""SVHN's .mat files, written by SciPy as MATLAB does."""

import numpy as np
import pytest
from scipy.io import savemat

from gaussianity.data.datasets import GivenDataset, find_reader, read_dataset
from gaussianity.errors import InputError

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 4, 6, 3), dtype=np.uint8)
DIGITS = np.array([[10], [1], [9], [10], [1]], dtype=np.uint8)


def written(folder, **changed):
    arrays = dict(X=IMAGES.transpose(1, 2, 3, 0), y=DIGITS) | changed
    path = folder / "train_32x32"
    savemat(path, {k: v for k, v in arrays.items() if v is not None}, appendmat=False)
    return path


def test_svhn(tmp_path):
    """The label 10 is the digit 0."""
    path = written(tmp_path)
    assert find_reader(path) == "mat"
    data = read_dataset("mat", path)
    np.testing.assert_array_equal(data.images, IMAGES.transpose(0, 3, 1, 2))
    assert data.images.dtype == np.uint8
    assert data.class_names == ("0", "1", "9")
    assert data.labels.tolist() == [0, 1, 2, 0, 1]
    assert GivenDataset("mat", path).class_counts() == {"0": 2, "1": 2, "9": 1}
    assert GivenDataset("mat", path).image_shape() == (3, 4, 6)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict(X=None), r"expected the arrays X \(H, W, C, n\) and y \(n, 1\), found y \(5, 1\)"),
        (dict(y=None), r"expected the arrays X .*, found X \(4, 6, 3, 5\)"),
        (dict(X=IMAGES[0]), r"expected the arrays X .*, found X \(4, 6, 3\), y"),
        (dict(y=DIGITS[:4]), "expected as many images as labels, found 5 images and 4 labels"),
    ],
)
def test_other_arrays(tmp_path, changed, message):
    with pytest.raises(InputError, match=rf"train_32x32: {message}"):
        read_dataset("mat", written(tmp_path, **changed))


def test_other_files(tmp_path):
    path = written(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-6])
    with pytest.raises(InputError, match=r"train_32x32: expected a readable \.mat file: "):
        GivenDataset("mat", path).class_counts()
    path.write_bytes(whole[:124] + b"\x00\x02IM" + whole[128:])  # the version, 7.3
    with pytest.raises(InputError, match=r"version 7 or older, found HDF5 .* save it with -v7"):
        GivenDataset("mat", path).class_counts()
    with pytest.raises(InputError, match=r"absent: expected a \.mat file, found no such file"):
        GivenDataset("mat", tmp_path / "absent").class_counts()

import numpy as np
import pytest

from gaussianity.io.files import write_npz
from gaussianity.linear.class_rows import DATASET, GENERATED, ClassRows

SHAPE = (1, 1, 2)


@pytest.fixture
def folder(tmp_path):
    images = np.arange(12, dtype=np.uint8).reshape(6, *SHAPE) * 20
    write_npz(
        tmp_path / "dataset.npz",
        images=images,
        labels=np.array([0, 1, 0, 1, 0, 1]),
        class_names=np.array(["a", "b"]),
    )
    for name, shard in (("a", 0), ("a", 1), ("b", 0)):
        part = np.full((2, *SHAPE), 51 * (1 + shard), dtype=np.uint8)
        part[1] = 204
        write_npz(tmp_path / f"{name}{shard}.npz", images=part, seeds=np.arange(2))
    return tmp_path


def files(folder):
    return {"a": [folder / "a0.npz", folder / "a1.npz"], "b": [folder / "b0.npz"]}


def test_rows_of_the_dataset_in_the_network_form(folder):
    found = ClassRows(folder / "dataset.npz", files(folder), most=2, image_shape=SHAPE)
    assert found.origin == DATASET
    expected = np.array([[0, 20], [80, 100]]) / 127.5 - 1
    np.testing.assert_allclose(found.of_moments("a"), expected)


def test_generated_images_in_their_order_over_files(folder):
    found = ClassRows(None, files(folder), most=99, image_shape=SHAPE)
    assert found.origin == GENERATED
    np.testing.assert_allclose(found.generated("a", 3)[:, 0], [-0.6, 0.6, -0.2])
    assert len(found.of_moments("a")) == 4


def test_references_of_two_classes_with_their_mixture(folder):
    found = ClassRows(folder / "dataset.npz", files(folder), most=9, image_shape=SHAPE)
    assert set(found.references("a").denoisers) == {"isotropic", "gaussian", "mixture", "empirical"}
    assert found.references("a") is found.references("a")
    one = ClassRows(folder / "dataset.npz", {"a": files(folder)["a"]}, most=9, image_shape=SHAPE)
    assert one.mixture is None

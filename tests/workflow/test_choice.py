"""How a study is chosen for a path: rules with their limits, and studies that the checks accept."""

import json
import re

import numpy as np
import pytest
import yaml

from choice.asked import Asked, asked_of
from choice.classes import chosen_classes, fewest_images, most_classes, subsets
from choice.command import chosen_configuration
from choice.images import found_images
from choice.sizes import chosen_sizes, learning_rates
from configuration.schema import with_defaults
from configuration.study import Study
from gaussianity.classifiers.splits import design
from gaussianity.data.datasets import GivenDataset
from gaussianity.errors import InputError
from gaussianity.universality.verdict.validity import FEW_TRAINED, of_design
from project import ROOT, default_configuration

COUNTS = [20, 24, 49, 50, 61, 99, 100, 174, 249, 250, 599, 600, 799, 800, 890, 2559, 5000, 60000]


@pytest.mark.parametrize("images", COUNTS)
def test_sizes_use_what_a_verdict_allows(images):
    """No obstacle from 50 images of two classes; at least half of the allowed rows are used."""
    sizes = chosen_sizes(images)
    found = design(sizes.source, dimension=64)
    tested = 2 * (sizes.images // found["units"])
    largest = sizes.train_sizes[-1]
    assert bool(of_design("data", largest, found, largest, tested, "validation")) == (images < 50)
    assert found["images"] >= 1.25 * found["mixed_rows"]
    assert found["mixed_rows"] >= 0.5 * found["images"] / 1.25
    assert (largest >= FEW_TRAINED) == (images >= 100)
    assert sizes.train_sizes == sorted(set(sizes.train_sizes))
    assert sizes.pools == (5 if images >= 800 else 1)
    assert sizes.images == min(images, 5000)


def test_sizes_of_the_digits_and_of_cifar():
    of_cifar = chosen_sizes(5000)
    assert (of_cifar.pools, of_cifar.train_sizes) == (5, [40, 80, 160, 320, 640])
    assert of_cifar.validation == 160  # of 1,000 images of a pool 800 are mixed
    of_digits = chosen_sizes(174)
    assert (of_digits.train_sizes, of_digits.validation) == ([10, 20, 40, 80], 23)  # 145 / 1.25


@pytest.mark.parametrize(
    ("counts", "classes"),
    [
        (dict(a=90, b=80, c=70), "abc"),
        (dict(a=90, b=80, c=49), "ab"),  # below 50
        (dict(a=40, b=30, c=25), "abc"),  # nobody has 50
        (dict(a=9000, b=800, c=200, d=199), "abc"),  # below a quarter of 800
        (dict.fromkeys("abcdefghijkl", 100) | dict(l=500), "abcdefghil"),  # the ten largest
        (dict.fromkeys("abcdefghijkl", 22), "abcdefghi"),  # 11 images are tested: nine classes
        (dict.fromkeys("abcdefghijkl"), "abcdefghij"),  # a denoiser has no limit
    ],
)
def test_classes(counts, classes):
    assert chosen_classes(counts) == list(classes)


def test_asked_classes_are_taken_in_their_order():
    assert chosen_classes(dict(a=90, b=20, c=70), ["c", "b"]) == ["c", "b"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (["a", "x"], "classes must be among a, b, c, found x"),
        (["a"], "classes must be two or more that differ, found a"),
        (["a", "a"], "classes must be two or more that differ, found a, a"),
        (["a", "c"], "2 classes need at least 20 images of each, found 19 of c"),
    ],
)
def test_asked_classes_that_cannot_be(asked, message):
    with pytest.raises(InputError, match=message):
        chosen_classes(dict(a=90, b=80, c=19), asked)


def test_too_few_images_are_refused():
    with pytest.raises(InputError, match=r"classes of 20 images or more, found a \(90\), b \(19\)"):
        chosen_classes(dict(a=90, b=19))


def test_the_number_of_classes_that_images_allow():
    assert most_classes(22) == 9  # two folds of 11: two more than classes
    assert fewest_images(9) == 22
    assert [most_classes(fewest_images(k)) >= k for k in (2, 10, 30, 100)] == [True] * 4


def test_subsets_are_a_pair_and_all():
    assert [s["name"] for s in subsets(list("ab"), 60)] == ["pair"]
    found = subsets(list("abcdefghij"), 900)
    assert [(s["name"], s["gram_images_per_class"]) for s in found] == [("pair", 512), ("ten", 204)]


def test_learning_rates_of_the_digits_are_the_defaults():
    assert learning_rates(15.0) == default_configuration()["classifier"]["learning_rates"]


def written(folder, counts, shape, dtype=np.uint8, features=False):
    """An .npz with random rows of classes with these numbers of images."""
    generator = np.random.default_rng(0)
    rows = generator.integers(0, 256, (sum(counts), *shape), dtype=np.uint8)
    labels = np.repeat(np.arange(len(counts)), counts)
    name = "features" if features else "images"
    scaled = rows if dtype is np.uint8 else (rows / dtype(255)).astype(dtype)
    np.savez(folder / "made.npz", labels=labels, **{name: scaled})
    return "made.npz"


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder, where commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("shape", "counts"),
    [
        ((2, 2), (20, 20)),
        ((9, 9, 3), (22,) * 12),
        ((1, 28, 20), (300, 60, 74, 81)),
        ((3, 32, 32), (130,) * 11),
        ((3, 40, 40), (52, 50)),
        ((8, 8), (101, 90, 26, 24)),
    ],
)
def test_no_chosen_study_is_refused(here, shape, counts):
    said = []
    path = written(here, counts, shape)
    config = chosen_configuration(dict(images=path), say=said.append)
    study = Study(config)
    assert study.sources["data"]["images_per_class"] >= 20
    assert study.dimension <= 3072
    assert said[0].startswith("studies/made.yaml: written for made.npz (npz")
    assert ("no verdict on" in "\n".join(said)) == (counts[0] < 50)


@pytest.mark.parametrize("images", [799, 800, 5400])
def test_no_large_chosen_study_is_refused(here, images):
    study = Study(
        chosen_configuration(dict(images=written(here, (images, 6000), (2, 2))), say=print)
    )
    assert study.sources["data"]["images_per_class"] == min(images, 5000)


def test_the_file_is_complete_and_is_used_as_it_is(here):
    path = written(here, (60, 60), (8, 8))
    first = chosen_configuration(dict(images=path), say=print)
    text = (here / "studies/made.yaml").read_text()
    study = yaml.safe_load(text)
    assert with_defaults(study) == first
    assert study["dataset"]["path"] == "made.npz"
    assert all(len(line) <= 100 for line in text.splitlines())
    (here / "studies/made.yaml").write_text(text.replace("margin: 0.02", "margin: 0.07"))
    said = []
    again = chosen_configuration(dict(images=path, seed=5), say=said.append)
    assert (again["verdict"]["margin"], again["seed"]) == (0.07, 5)
    assert said == ["studies/made.yaml: used as it is (to choose anew, delete it)"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            dict(images="other/made.npz"),
            "expected a study of path other/made.npz, found one",
        ),
        (dict(labels="x.npy"), "expected a study of labels x.npy, found one of null"),
        (dict(classes="0,2"), "expected a study of classes 0, 2, found one of 0, 1, 2"),
    ],
)
def test_a_file_of_another_path_is_not_used(here, changed, message):
    path = written(here, (60, 60, 60), (8, 8))
    chosen_configuration(dict(images=path), say=print)
    with pytest.raises(InputError, match=rf"studies/made.yaml: {message}.*delete it"):
        chosen_configuration(dict(images=path) | changed, say=print)


def test_nothing_is_written_for_what_cannot_be_read(here):
    (here / "page.html").write_text("<html>")
    with pytest.raises(InputError, match=r"page.html: expected"):
        chosen_configuration(dict(images="page.html"), say=print)
    assert not (here / "studies").exists()


def test_images_without_their_labels_ask_for_them(here):
    np.save("made.npy", np.zeros((40, 2, 2), np.uint8))
    with pytest.raises(InputError, match=r"made.npy: expected labels .* LABELS=path to make or"):
        chosen_configuration(dict(images="made.npy"), say=print)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("none.pkl", "found no such file"),
        ("empty", "found another folder"),
        ("a.npy", "a.npy: exp"),
    ],
)
def test_what_is_no_denoiser_is_told_what_one_is(here, path, found):
    (here / "empty").mkdir()
    np.save("a.npy", np.zeros(4))
    with pytest.raises(InputError, match=found) as raised:
        chosen_configuration(dict(denoiser=path), say=print)
    assert (
        "expected the file of a denoiser (.pkl of NVIDIA's EDM, .safetensors), the folder"
        in str(raised.value)
    )


@pytest.mark.parametrize(
    ("low", "high", "declared"), [(0, 1, None), (-1, 1, [-1, 1]), (0, 255, [0, 255])]
)
def test_the_range_of_floats_is_declared(here, low, high, declared):
    images = np.linspace(low, high, 40 * 16, dtype=np.float32).reshape(40, 4, 4)
    np.savez("floats.npz", images=images, labels=np.arange(40) % 2)
    found = found_images("floats.npz", None, default_configuration()["dataset"])
    assert found.section["range"] == declared
    assert found.square == pytest.approx(16 / 3, rel=0.01)  # mean of x^2 on [0, 1] is 1 / 3


@pytest.mark.parametrize("channels", ["grey", None])
def test_grey_images_in_colour_are_grey_only_where_all_are(here, channels):
    """The last image decides: a sample of them would not."""
    images = np.repeat(np.arange(3000, dtype=np.uint8).reshape(3000, 1, 1, 1), 3, axis=1)
    images = np.tile(images, (1, 1, 2, 2))
    images[-1, 2, 1, 1] += channels is None
    np.savez("made.npz", images=images, labels=np.arange(3000) % 2)
    config = chosen_configuration(dict(images="made.npz"), say=print)
    assert config["dataset"]["channels"] == channels
    assert Study(config).image_shape == ((1 if channels else 3), 2, 2)
    assert ("three channels are equal" in (here / "studies/made.yaml").read_text()) == bool(
        channels
    )


@pytest.mark.parametrize(("kind", "white"), [(np.int64, 255), (bool, 1)])
def test_the_range_of_integers_is_declared(here, kind, white):
    """What is chosen can be read."""
    images = (np.arange(40 * 16).reshape(40, 4, 4) % (white + 1)).astype(kind)
    np.savez("integers.npz", images=images, labels=np.arange(40) % 2)
    found = found_images("integers.npz", None, default_configuration()["dataset"])
    assert found.section["range"] == [0, white]
    data = GivenDataset(**found.section).read()
    np.testing.assert_allclose(data.images[:, 0] * white, images, rtol=1e-6)


def test_values_of_no_known_range_are_refused(here):
    images = np.linspace(-3, 3, 640, dtype=np.float32).reshape(40, 4, 4)
    np.savez("floats.npz", images=images, labels=np.arange(40) % 2)
    with pytest.raises(InputError, match=r"floats.npz: expected values in one of .*found -3 to 3"):
        found_images("floats.npz", None, default_configuration()["dataset"])


def test_rates_of_features_follow_their_size(here):
    generator = np.random.default_rng(0)
    rows = 30 * generator.standard_normal((100, 5)).astype(np.float32)
    np.savez("rows.npz", features=rows, labels=np.arange(100) % 2)
    found = found_images("rows.npz", None, default_configuration()["dataset"])
    assert (found.features, found.shape) == (True, (5, 1, 1))
    assert found.square == pytest.approx(np.mean(np.sum(rows.astype(float) ** 2, axis=1)))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (dict(images="a", denoiser="b"), "expected images=path or denoiser=path, found both"),
        (dict(labels="a"), "labels must come with images=path or denoiser=path"),
        (dict(denoiser="a", labels="b"), "labels must come with images=path, found denoiser=a"),
        (dict(images="a", image_shape="1,2,2"), "image_shape must come with denoiser=path, found"),
    ],
)
def test_keys_that_do_not_go_together(given, message):
    with pytest.raises(InputError, match=message):
        asked_of(given)


def test_a_study_file_asks_for_nothing():
    assert asked_of(default_configuration()) is None
    assert asked_of(dict(denoiser=dict(path="a.pkl"))) is None


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (dict(images="/data/St. Bernard photos/"), "St_Bernard_photos"),
        (dict(images="a/train-images.idx3-ubyte.gz"), "train_images"),
        (dict(images="digits"), "own_digits"),
        (dict(denoiser="my_module:denoise"), "my_module"),
        (dict(images="x.npz", study="named"), "named"),
    ],
)
def test_names(given, name):
    assert asked_of(given).name == name


def test_arguments_are_text_and_classes_are_split():
    asked = asked_of(dict(images="2024_05", classes="fire salamander, 3"))
    assert asked == Asked("images", "2024_05", "2024_05", classes=("fire salamander", "3"))


@pytest.mark.filterwarnings("ignore:TypedStorage")
def test_a_checkpoint_says_its_shape_and_its_labels(here):
    path = str(ROOT / "tests/data/ddpmpp-vp.pkl")
    said = []
    config = chosen_configuration(dict(denoiser=path, classes="cat:2,dog:0"), say=said.append)
    study = Study(config)
    assert study.image_shape == (2, 8, 8)
    # 2 x 2,560 images and 3 x 1,024 samples of other latents, in 18 steps
    assert re.search(r"min of them for 286,720 evaluations .* \([\d,.e+]+ a second were", said[-1])
    assert study.labels == dict(cat=2, dog=0)
    assert study.sources["diffusion"]["images_per_class"] == 2560
    assert config["contraction"]["images"] == 1
    assert config["sampling"]["steps"] == max(config["sampling"]["snapshot_steps"]) == 18


def test_a_function_needs_its_shape_and_labels(here):
    (here / "own_function.py").write_text("def denoise(x, sigma, labels):\n    return x\n")
    given = dict(denoiser="own_function:denoise")
    with pytest.raises(InputError, match="add image_shape=channels,height,width and classes="):
        chosen_configuration(given, say=print)
    config = chosen_configuration(
        given | dict(image_shape="1,4,4", classes="cat:3,dog:5"), say=print
    )
    study = Study(config)
    assert (study.image_shape, study.labels) == ((1, 4, 4), dict(cat=3, dog=5))
    assert study.sampling.contractions == []


def test_a_pipelines_folder_says_its_shape_and_its_classes(here):
    (here / "pipeline/unet").mkdir(parents=True)
    (here / "pipeline/model_index.json").write_text("{}")
    network = dict(sample_size=64, in_channels=3, num_class_embeds=12)
    (here / "pipeline/unet/config.json").write_text(json.dumps(network))
    study = Study(chosen_configuration(dict(denoiser="pipeline"), say=print))
    assert study.image_shape == (3, 64, 64)
    assert study.classes == [str(k) for k in range(10)]
    assert study.config["sampling"]["steps"] == 40


def test_a_network_without_classes_is_refused(here):
    (here / "pipeline/unet").mkdir(parents=True)
    (here / "pipeline/model_index.json").write_text("{}")
    (here / "pipeline/unet/config.json").write_text('{"sample_size": 64, "in_channels": 3}')
    with pytest.raises(InputError, match="pipeline: expected a denoiser of two classes or more"):
        chosen_configuration(dict(denoiser="pipeline"), say=print)

"""A user's mistakes in the configuration: one sentence before any job starts."""

import re

import numpy as np
import pytest

from configuration.study import Study
from gaussianity.errors import InputError
from project import changed_configuration as default

THEORY = "manifold__theory__"
OWN_IMAGE = dict(images=1, steps=40, path="no_such.png", image_class=3)
CASES = [
    (
        {THEORY + "activations": ["linear", "gelu"]},
        "theory.activations must be module:function or among linear, .*, isometric, found gelu",
    ),
    ({THEORY + "activations": ["a.b:f", "a_b:f"]}, "must differ in more than punctuation"),
    ({THEORY + "activations": ["a/b:f"]}, "manifold.theory.activations.0 must"),
    ({THEORY + "beta": [1.0, 0.5]}, "theory.beta must name the smaller value first, found 1.0 and"),
    ({THEORY + "alpha": [0.0, 0.5]}, "manifold.theory.alpha.0 must be above 0, found 0.0"),
    (
        {THEORY + "beta": [1.5, 2.0]},
        "theory.beta.0 must be at most 1 where activations name isometric, found 1.5",
    ),
    ({THEORY + "collapse__beta": 1.5}, "theory.collapse.beta must be at most 1 where .*, found"),
    ({THEORY + "speciation__beta": 1.01}, "theory.speciation.beta must be at most 1 where"),
    (dict(colour="red"), "unknown key colour; allowed are study, seed"),
    (dict(sampling__step=3), "unknown key sampling.step; allowed are steps"),
    (dict(sources__0__images=3), "unknown key sources.0.images"),
    (dict(seed="one"), "seed must be an integer, found 'one'"),
    (dict(seed=-1), "seed must be at least 0, found -1"),
    (dict(study="../x"), "study must begin with a letter or digit"),
    (dict(device="tpu"), "device must be one of auto, cpu, cuda, found 'tpu'"),
    (dict(sampling__rho=0), "sampling.rho must be above 0, found 0"),
    (dict(sampling__stored_as="png"), "sampling.stored_as must be one of uint8, float32"),
    (dict(classifier__patience=0), "classifier.patience must be at least 1, found 0"),
    (dict(classifier__losses=[]), "classifier.losses must have 1 or more items"),
    (dict(verdict__ratio=1), "verdict.ratio must be above 1, found 1"),
    (
        dict(verdict__primary_loss="two_layer"),
        r"verdict.primary_loss must be one of classifier.losses \(mse, cross_entropy, "
        r"least_squares\), found two_layer",
    ),
    (dict(verdict__looks=[5, 1]), "verdict.looks.1 must be at least 2, found 1"),
    (dict(verdict__looks=[10, 5]), r"verdict.looks must increase, found \[10, 5\]"),
    (
        dict(verdict__looks=[10, 20]),
        r"verdict.looks must contain the pools of each source \(diffusion: 5\), found \[10, 20\]",
    ),
    (
        dict(subsets__0__classes=[3]),
        "subsets: pair must have two or more classes, .* pair, four, ten",
    ),
    (dict(subsets__0__classes=[3, 3]), "subsets.0.classes must have items that differ"),
    (dict(subsets__0__classes=[3, "3"]), "pair: classes must differ as text, found 3, 3"),
    (dict(subsets__0__classes=["", 3]), "subsets.0.classes.0 must have 1 or more signs, found ''"),
    (dict(subsets__0__classes=["all", 3]), "asks for the class 'all', which stands for all"),
    (dict(subsets__0__classes=[3, 11]), "pair asks for the class '11'; the classes are 0, 1, 2"),
    (dict(subsets__1__name="pair"), "subsets must have names that differ, found pair, pair, ten"),
    (dict(sources__1__images_per_class=180), "at most 174, as many as the class 8 has, found 180"),
    (
        dict(sources__0__train_sizes=[449]),
        r"diffusion: the largest of train_sizes and validation_size 64 must together be at most "
        r"512 \(images_per_class 2560 in 5 pools\), found 449 and 64",
    ),
    (
        dict(sources__1__train_sizes=[129]),
        r"data: the largest of train_sizes and validation_size 20 must together be at most 145 "
        r"\(images_per_class 174 in one pool, of which 6 folds are tested in turn\), found 129",
    ),
    (
        dict(sources__1__images_per_class=20),
        r"data: images_per_class must be at least 24 \(one pool, of which 2 folds are tested in "
        r"turn; a test of 10 classes needs 12 images of each\), found 20",
    ),
    (
        dict(subsets__0__gram_images_per_class=175),
        "pair: gram_images_per_class must be at most 174",
    ),
    (
        dict(classifier__learning_rates=["1e-1"]),
        r"learning_rates.0 must be a number, found '1e-1'; in YAML this is text, write 1.0e-1$",
    ),
    (dict(shard_size="2e3"), "shard_size must be an integer, .* text, write 2.0e\\+3$"),
    (dict(shard_size=64.5), "shard_size must be an integer, found 64.5"),
    (dict(sampling__snapshot_steps=[99]), "sampling.snapshot_steps must be at most 13"),
    (dict(sampling__snapshot_steps=[13]), "snapshot_steps must hold a step below 13"),
    (dict(sampling__sigma_min=90.0), "sampling.sigma_min must be below sampling.sigma_max = 15.0"),
    (
        dict(sampling__start="gaussian", sampling__start_level=0.01),
        r"sampling.start_level: expected a noise level from 0.05 \(sampling.sigma_min\) to 15 "
        r"\(sampling.sigma_max\), found 0.01",
    ),
    (dict(contraction__images=2561), "contraction.images must be at most 2560, sources: diffusion"),
    (
        dict(molrg__phase_transition__dimensions=[17]),
        "ambient_dimension must be at least 51 for 3 orthogonal subspaces of 17 dimensions, found",
    ),
    (
        dict(molrg__mixture_denoisers__dimensions=[3, 25]),
        r"image_shape must have at least 50 pixels for 2 orthogonal subspaces of 25 dimensions, "
        r"found \[3, 4, 4\]",
    ),
    (
        dict(molrg__numerical_rank__mixture=dict(dimension=25, samples=9)),
        r"image_shape must have at least 50 pixels for 2 orthogonal subspaces of 25 dimensions",
    ),
    (
        dict(molrg__numerical_rank__mixture=dict(dimension=None, samples=9)),
        "numerical_rank.mixture must have a dimension and a number of samples, or null for both",
    ),
    (
        dict(molrg__mixture_denoisers__training__betas=[0.9, 1]),
        "training.betas.1 must be below 1, found 1",
    ),
    (
        dict(molrg__semantic_directions__sigma=80.5),
        "semantic_directions.sigma must be 0.002 to 80.0, the sampler's noise levels, found 80.5",
    ),
    (
        dict(molrg__semantic_directions__levels=[1, 0.001]),
        "semantic_directions.levels must be 0.002 to 80.0, the sampler's noise levels, found 0.001",
    ),
    (
        dict(molrg__semantic_directions__inversion__image_class=3),
        "inversion.image_class must be null without an image, found 3; set inversion.path",
    ),
    (
        dict(molrg__semantic_directions__inversion__path="own.png"),
        "inversion.image_class must be the class of own.png, one of 0, 1, .*, 9, found None",
    ),
    (
        dict(molrg__semantic_directions__inversion=OWN_IMAGE),
        r"no_such.png: expected the file of an image \(molrg.*inversion.path\), found no such file",
    ),
    (dict(contraction__singular_values=65), "singular_values must be at most 64, the pixels of an"),
    (dict(spectra__fit_ranks=[0.5, 0.1]), "spectra.fit_ranks must rise"),
    (
        dict(manifold__real_data__classes=[3, 11]),
        "real_data.classes must be among the subsets' classes 0, 1, .*, 9, found 11",
    ),
    (
        dict(manifold__real_data__lowest_time=3.0),
        "real_data.lowest_time must be below highest_time = 3.0, found 3.0",
    ),
    (
        dict(linear__halves__train=True, denoiser__kind="gaussian"),
        r"linear.halves.train must be false where the denoiser is not trained on the dataset "
        r"\(denoiser.kind: unet\), found kind gaussian for the source diffusion",
    ),
    (dict(linear__halves__images=1), "linear.halves.images must be at least 2, found 1"),
    (dict(normality__draws=18), r"normality.draws must be at least 19, found 18"),
    (dict(normality__directions=0), "normality.directions must be at least 1, found 0"),
    (dict(normality__accuracy_margin=0.6), "accuracy_margin must be at most 0.5, found 0.6"),
    (dict(normality__distance_margin=0.0), "distance_margin must be above 0, found 0.0"),
    (
        dict(concentration__anchors=173),
        r"anchors must be at most 172 \(sources: data: images_per_class 174 less 2\), found 173",
    ),
    (
        dict(concentration__images=5),
        r"concentration.anchors must be at most 3 \(concentration.images 5 less 2\), found 4",
    ),
    (
        dict(concentration__bases=["student_t"]),
        r"concentration.bases must have the item gaussian, found \['student_t'\]",
    ),
    (dict(figures__trajectory_classes=["x"]), "figures.trajectory_classes must be among"),
    (
        dict(manifold__speciation__cases__1__case="linear_256"),
        "manifold.speciation.cases must have names that differ, found linear_256, linear_256",
    ),
    (dict(manifold__cloning__end=5.0), "manifold.cloning.end must be below start = 5.0, found 5.0"),
    (
        dict(manifold__collapse__cases__0__activation="gelu"),
        "collapse.cases: isometric_p16: activation must be module:function or among .*, found gelu",
    ),
    (
        dict(manifold__cloning__cases__1__p=65),
        "cloning.cases: linear_p16: p must be at most d = 64 where isometric, found 65",
    ),
    (
        dict(manifold__speciation__cases__0__separation=0.0),
        "speciation.cases: linear_256: separation must be above 0, found 0.0",
    ),
    *(
        (
            dict(manifold__cloning__forks=[0.4, fork]),
            rf"cloning.forks must be between end = 0.01 and start = 5.0, found {fork}",
        )
        for fork in (5.0, 0.01)
    ),
    (dict(manifold__collapse__cases__0__kappa=0), "cases.0.kappa must be above 0, found 0"),
    (dict(dataset__reader="idx"), "dataset.labels: expected the path of an IDX file of labels"),
    (dict(dataset__path="x.gz"), "dataset.path must be null for the reader digits, found 'x.gz'"),
    (dict(dataset__reader="mat", dataset__labels="x"), "dataset.labels must be null for .* mat"),
    (dict(sampling__sigma_max=float("nan")), "sampling.sigma_max must be a finite number"),
    (dict(denoiser__kind="file"), "denoiser.path must be a saved denoiser"),
    (
        dict(denoiser__kind="file", denoiser__path="absent.json"),
        r"absent.json: expected a denoiser's description .* found no such file",
    ),
    (
        dict(denoiser__kind="file", sources=default()["sources"][:1]),
        "denoiser.path must be a saved denoiser",
    ),
]


def given(kind, path=None, image_shape=(1, 8, 8), **others):
    """Changes for a given denoiser beside the digits."""
    changes = dict(kind=kind, path=path, image_shape=image_shape and list(image_shape), **others)
    return {f"denoiser__{key}": value for key, value in changes.items()}


def named(labels, kind="random", classes=("cat", "dog")):
    """Changes for a denoiser without a dataset, of classes that have names."""
    return dict(
        given(kind, labels=labels),
        sources=default()["sources"][:1],
        subsets=[dict(name="pair", classes=list(classes), gram_images_per_class=8)],
        figures__trajectory_classes=[classes[0]],
    )


GIVEN_CASES = [
    (
        dict(denoiser__network__channel_mult=[1, 2, 2, 2, 2]),
        "denoiser.network: channel_mult has 5 levels, so the resolution must be divisible by 16",
    ),
    (
        named({"cat": 0, "dog": 1}) | dict(denoiser__image_shape=[1, 8, 16]),
        "denoiser.network: images must be square for a U-Net, found 8 x 16",
    ),
    (
        dict(denoiser__network__channels_per_head=10),
        "channels_per_head 10 gives 3 heads of attention, which do not divide 32 channels",
    ),
    (dict(denoiser__kind="onnx"), "denoiser.kind must be one of unet, .*random, found 'onnx'"),
    (given("file"), r"denoiser.path must be a saved .*EDM \(\.pkl\) where .* is file, found null"),
    (given("callable"), "path must be a Python function, module:function where .*, found null"),
    (given("diffusers"), "denoiser.path must be the folder of a diffusers pipeline .*, found null"),
    (given("random", "x"), "denoiser.path must be null where denoiser.kind is random, found x"),
    (dict(denoiser__path=3), "denoiser.path must be text or null, found 3"),
    *(
        (given(kind, path, None), f"image_shape must be .channels, .* is {kind}, found null")
        for kind, path in [("file", "a.pkl"), ("callable", "m:f"), ("diffusers", "m")]
    ),
    (given("random", None, None), "denoiser.image_shape must be .* is random, found null"),
    (given("random", None, (1, 8)), "denoiser.image_shape must have 3 or more items"),
    (given("random", None, (1, 8, 8, 8)), "denoiser.image_shape must have 3 or fewer items"),
    (given("random", None, (1, 8, 0)), "denoiser.image_shape.2 must be at least 1, found 0"),
    (
        dict(denoiser__image_shape="1x8x8"),
        "denoiser.image_shape must be a list or null, found '1x8",
    ),
    (given("random", None, (3, 16, 16)), "image_shape.*3, 16, 16"),
    (given("file", "absent.pkl"), "absent.pkl: expected a checkpoint of NVIDIA's EDM, found no su"),
    (given("file", "no/edm-afhqv2-64x64-uncond-ve.pkl"), "download https://.*/edm-afhqv2-64x64-un"),
    (given("file", "absent.safetensors", None), "absent.json: expected .*, found no such file"),
    (given("diffusers", "absent"), "absent/model_index.json: expected a diffusers pipeline, found"),
    (given("callable", "json"), "denoiser.path must be module:function, found json"),
    (given("callable", "json:"), "denoiser.path must be module:function, found json:"),
    (given("callable", ":dumps"), "denoiser.path must be module:function, found :dumps"),
    (
        given("callable", "absent:f"),
        "path absent:f: expected a Python module absent .*, found none",
    ),
    (given("callable", "absent.m:f"), r"path absent\.m:f: cannot find absent\.m: No module named"),
    (given("callable", ".m:f"), r"denoiser.path \.m:f: cannot find \.m: "),
    (
        given("file", "d.json", None, labels=dict(cat=0)),
        "denoiser.labels must be null for the saved",
    ),
    (given("file", "d.safetensors"), "denoiser.image_shape must be null for the saved denoiser d"),
    (dict(denoiser__path="d.safetensors"), "denoiser.path must be null where .* is unet"),
    (dict(denoiser__image_shape=[1, 8, 8]), "denoiser.image_shape must be null where .* is unet"),
    (dict(denoiser__labels={"3": 3}), "denoiser.labels must be null where .* is unet"),
    (
        dict(denoiser__kind="gaussian", denoiser__path="d.json"),
        "denoiser.path must be null where .* is gaussian",
    ),
    (named(None), "denoiser.labels must say which label each class has, .* not cat, dog"),
    (named(dict(cat=3)), "pair asks for the class 'dog'; the classes are cat"),
    (named(dict(cat=3, dog=3)), "denoiser.labels must differ between classes, found .*3.*3"),
    (named(dict(cat=-1, dog=3)), "denoiser.labels.cat must be at least 0, found -1"),
    (named(dict(cat=4096, dog=3)), "denoiser.labels.cat must be at most 4095, found 4096"),
    (
        named(dict(cat="tench", dog=3)),
        "denoiser.labels.cat must be an integer or null, found 'tench'",
    ),
    (named(["cat", "dog"]), "denoiser.labels must be a mapping of keys or null"),
    (named({0: 3, 1: 4}, classes=(0, 7)), "pair asks for the class '7'; the classes are 0, 1"),
    (named(None, classes=(1, 5000)), "5000"),
    (
        given("random", labels={str(k): k for k in range(9)}),
        "denoiser.labels: expected a denoiser of the classes .*, found no 9 among 0, 1",
    ),
    (dict(sampling__seeds="same"), "sampling.seeds must be one of distinct, shared, found 'same'"),
    (
        dict(sampling__precision="float64"),
        "sampling.precision must be one of auto, float32, float16, bfloat16, found 'float64'",
    ),
    (dict(sampling__compile="yes"), "sampling.compile must be true or false, found 'yes'"),
]


def test_wide_data_without_isometric_weights():
    changes = {THEORY + "activations": ["linear"], THEORY + "beta": [1.5, 2.0]}
    Study(default(**changes, **{THEORY + "collapse__beta": 1.5}))


def test_classes_that_cannot_be_halved():
    study = Study(default(linear__halves__train=True))
    assert study.linear.halves.is_shown
    study.class_counts = study.class_counts | {"3": 3}
    message = "fewer than 4 images, found 3 of the class 3"
    with pytest.raises(InputError, match=message):
        study.linear.halves.check()
    assert not study.linear.halves.is_shown


@pytest.mark.parametrize(("changes", "message"), CASES + GIVEN_CASES)
def test_configuration(changes, message):
    with pytest.raises(InputError, match=message):
        Study(default(**changes))


HOSTILE = ["../x", "/tmp/x", "a/b", "..", ".", "", "a\n", "a\nb", "a b", "a;b", "$(x)", "{study}"]
HOSTILE += ["a*", "~x", "-x", "a\0b", "C:\\x", "é", "a.npz"]


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
@pytest.mark.parametrize(
    "where",
    [
        lambda name: dict(study=name),
        lambda name: dict(subsets__0__name=name),
        lambda name: dict(figures__trajectory_classes=[name]),
    ],
    ids=["study", "subset", "figure"],
)
def test_names_that_would_leave_the_folder_or_mean_something_else(where, name):
    with pytest.raises(InputError, match="must"):
        Study(default(**where(name)))


def test_a_dataset_with_such_names_writes_nothing_outside(tmp_path, monkeypatch):
    """Classes may have any name; the names of their files are made of it."""
    monkeypatch.chdir(tmp_path)
    names = [name for name in HOSTILE if "\0" not in name and name]
    images = np.zeros((60 * len(names), 1, 4, 4), dtype=np.float32)
    labels = np.arange(len(images)) % len(names)
    np.savez("set.npz", images=images, labels=labels, class_names=np.array(names))
    asked = dict(dataset__reader="npz", dataset__path="set.npz")
    sizes = dict(images_per_class=60, pools=1, train_sizes=[8], validation_size=8)
    subset = dict(name="all_of_them", classes=names, gram_images_per_class=20)
    study = Study(
        default(
            **asked,
            sources=[dict(name="data", **sizes)],
            subsets=[subset],
            figures__trajectory_classes=names[:1],
        )
    )
    files = [study.image_files("data", name)[0] for name in names]
    assert len(set(files)) == len(names)
    assert all(
        re.fullmatch(r"results/digits/data/[A-Za-z0-9][\w-]*/0\.npz", file) for file in files
    )


def test_missing_key():
    config = default()
    del config["sampling"]["steps"]
    with pytest.raises(InputError, match="sampling lacks the key steps"):
        Study(config)


def test_default_configuration_is_accepted():
    study = Study(default())
    assert study.origins == ["diffusion", "diffusion-gaussian", "data", "data-gaussian"]
    assert set(study.classified) == {*study.origins, "diffusion-mixed", "data-mixed"}
    assert [study.fitted_by(o) for o in study.classified[:3]] == [None, "diffusion", None]
    assert study.classes == list("0123456789")


def test_labels_by_name_and_by_number_are_accepted():
    assert Study(default(**named(dict(cat=281, dog=207)))).labels == dict(cat=281, dog=207)
    assert Study(default(**named(None, classes=(7, 3)))).labels == {"7": 7, "3": 3}
    assert Study(default(**named({7: 1, 3: 0}, classes=(7, 3)))).labels == {"7": 1, "3": 0}

"""Whole studies of the test of normality, whose answer is known."""

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import kstest

DESIGNS = {  # images of a class, side of the images, share of the pixels that vary
    "a fifth of an image per pixel": (80, 20, 1.0),
    "two images per pixel": (128, 8, 1.0),
    "twenty images per pixel": (320, 4, 1.0),
    "a third of the rank": (100, 8, 1 / 3),
}


def write_study(project, images, draws, study="known"):
    """A study of images (classes, n, side, side), whose classes are numbers."""
    classes, n, side, _ = images.shape
    np.savez(
        project.folder / "known.npz",
        images=images.reshape(-1, 1, side, side).astype(np.float32),
        labels=np.repeat(np.arange(classes), n),
    )
    config = dict(
        study=study,
        dataset=dict(reader="npz", path="known.npz"),
        sources=[
            dict(name="data", images_per_class=n, pools=1, train_sizes=[24], validation_size=8)
        ],
        subsets=[
            dict(name=f"pair{first}", classes=[first, first + 1], gram_images_per_class=20)
            for first in range(classes - 1)
        ],
        normality=dict(draws=draws),
        figures=dict(trajectory_classes=[0]),
    )
    (project.folder / f"{study}.yaml").write_text(yaml.safe_dump(config))
    target = f"results/{study}/figures/normality.csv"
    project.succeed("--configfile", f"{study}.yaml", "--", target)
    return pd.read_csv(project.folder / target)


def normal(classes, design, generator):
    """Normal images with a decaying spectrum, each class with a mean and axes of its own."""
    n, side, share = DESIGNS[design]
    deviations = 0.1 / np.arange(1, side**2 + 1) ** 0.5
    deviations[round(share * side**2) :] = 0
    turns = np.linalg.qr(generator.standard_normal((classes, side**2, side**2)))[0]
    rows = (generator.standard_normal((classes, n, side**2)) * deviations) @ turns
    means = 0.5 + 0.1 * generator.standard_normal((classes, 1, side**2))
    return (rows + means).reshape(classes, n, side, side)


def test_normal_skewed_and_clipped_classes(project):
    """The first class is normal, the second is skewed, and the third is normal but clipped."""
    images = normal(3, "twenty images per pixel", np.random.default_rng(1))
    generator, n = np.random.default_rng(2), images.shape[1]
    images[1, :, 0, 0] += 0.2 * (generator.exponential(size=n) - 1)
    images[2] = (0.3 + 8 * (images[2] - images[2].mean(axis=0))).clip(0, 1)
    found = write_study(project, images, draws=199).set_index(["image_class", "kind"])
    assert found.loc[0, "images"]["p_value"] > 0.01
    assert found.loc[0, "images"]["outcome"] != "not_normal"
    assert found.loc[[1, 2]].xs("images", level="kind")["outcome"].tolist() == ["not_normal"] * 2
    assert found.loc[1, "images"]["most_departing"] == 1
    clipped = found.loc[2, "images"]
    assert clipped["beyond_low"] < 0.5 < clipped["beyond_high"] + 0.01
    assert (2, "clipped") in found.index
    assert (0, "clipped") not in found.index
    sentences = pd.read_csv(project.folder / "results/known/figures/normality_sentences.csv")
    assert sentences["image_class"].tolist() == ["all", "0", "1", "2"]
    assert "2 are not Gaussian" in sentences["sentence"][0]


@pytest.mark.slow
def test_p_is_uniform_for_200_normal_classes(project):
    """50 classes of each design, and the Gaussian data of each class."""
    generator, tables = np.random.default_rng(3), []
    for number, design in enumerate(DESIGNS):
        images = normal(50, design, generator)
        found = write_study(project, images, draws=999, study=f"known{number}")
        tables.append(found.assign(design=design))
    found = pd.concat(tables)
    for kind, rows in found.groupby("kind"):
        assert kstest(rows["p_value"], "uniform").pvalue > 1e-3, kind
        assert 0.01 <= (rows["p_value"] <= 0.05).mean() <= 0.105, kind  # 3 errors of 200 classes

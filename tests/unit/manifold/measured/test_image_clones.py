"""Clones of denoisers with a known posterior, and the definition of a copy."""

import numpy as np
import pytest
import torch

from gaussianity.denoisers.empirical_score import EmpiricalDenoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.manifold.measured import image_clones
from gaussianity.manifold.measured.image_clones import LAST, TrainingSet, clone_table
from gaussianity.manifold.process import noise_level
from gaussianity.manifold.theory.speciation import clone_agreement

SHAPE = (1, 2, 2)


def line(*places, labels=None):
    """Training images that differ in one pixel."""
    rows = torch.zeros(len(places), 4, dtype=torch.float64)
    rows[:, 0] = torch.tensor(places)
    return TrainingSet(rows, torch.tensor(labels or [0] * len(places)))


def at(*places):
    return line(*places).rows.reshape(-1, *SHAPE)


def test_a_copy_is_nearer_than_a_third_of_the_second_distance():
    nearest, is_copy = line(0.0, 4.0).nearest_images(at(0.1, 0.9, 1.1, 2.5, 4.0))
    assert nearest.tolist() == [0, 0, 0, 1, 1]
    assert is_copy.tolist() == [True, True, False, False, True]


def test_accuracy_leaves_the_image_itself_out():
    training_set = line(0.0, 1.0, 10.0, 11.0, 12.0, labels=[0, 0, 1, 1, 0])
    assert training_set.accuracy == pytest.approx(4 / 5)
    assert training_set.classes(at(0.4, 11.9)).tolist() == [0, 0]


def test_distances_are_held_for_few_images_at_once(monkeypatch):
    training_set = line(0.0, 1.0, 10.0, 11.0, 12.5, 30.0, labels=[0, 0, 1, 1, 0, 1])
    whole = training_set.nearest_images(at(0.1, 12.4, 5.0)), training_set.accuracy
    monkeypatch.setattr("gaussianity.manifold.measured.image_clones.TOGETHER", 2)
    (numbers, copies), accuracy = (
        training_set.nearest_images(at(0.1, 12.4, 5.0)),
        training_set.accuracy,
    )
    torch.testing.assert_close(numbers, whole[0][0])
    torch.testing.assert_close(copies, whole[0][1])
    assert accuracy == whole[1] == pytest.approx(4 / 6)


def means(columns, name, forks):
    """Mean and standard error of a column at each fork, earliest first."""
    values = [columns[name][columns["time"] == fork] for fork in forks]
    return [(v.mean(), v.std() / np.sqrt(len(v)) + 1e-12) for v in values]


def test_clones_of_the_exact_score_end_at_training_images():
    """Pairs end at one image with probability sum w^2, in one class with that of the classes."""
    generator = np.random.default_rng(0)
    rows = torch.from_numpy(generator.standard_normal((6, 4)))
    training_set = TrainingSet(rows, torch.arange(6) % 2)
    forks = np.array([0.1, 0.4, 1.0])
    columns = clone_table(
        EmpiricalDenoiser(rows, SHAPE),
        rows[torch.arange(120) % 6].reshape(-1, *SHAPE),
        training_set,
        training_set.classes,
        forks=forks,
        steps=40,
        generator=generator,
    )
    assert columns["copies"].all()
    np.testing.assert_array_equal(columns["same_copy"], columns["same_image"])
    assert (columns["same_class"] >= columns["same_image"]).all()
    measured, expected = (means(columns, n, forks) for n in ("same_copy", "participation"))
    for (share, error), (weights, _) in zip(measured, expected, strict=True):
        assert abs(share - weights) < 4 * error + 0.02  # the steps' own error
    assert measured[0][0] > measured[1][0] > measured[2][0]
    assert columns["image"].tolist() == [*range(120)] * 3


@pytest.mark.slow  # 2,000 trajectories of 200 steps with two clones at each of three times
def test_clones_of_a_mixture_agree_as_their_deflection_says():
    generator = np.random.default_rng(0)
    centres = np.zeros((2, 4))
    centres[:, 1] = 2.0, -2.0
    mixture = GaussianDenoiser.of_moments(centres, [0.1 * np.eye(4)] * 2, SHAPE)
    labels = torch.arange(2000) % 2
    images = mixture.draws(labels, generator)
    forks = np.array([0.5, 0.9, 1.4])
    columns = clone_table(
        mixture,
        images.reshape(-1, *SHAPE),
        TrainingSet(mixture.draws(labels[:50], generator), labels[:50]),
        lambda x: mixture.class_probabilities(x, noise_level(LAST)).argmax(dim=1),
        forks=forks,
        steps=200,
        generator=generator,
    )
    for fork, (share, error) in zip(forks, means(columns, "same_class", forks), strict=True):
        expected = clone_agreement(4.0 / (0.1 + noise_level(fork) ** 2))
        assert abs(share - expected) < 3 * error
    assert (
        columns["same_copy"].mean() < 0.2
    )  # a distribution without training images has none to end at


def test_forks_lie_before_the_end():
    with pytest.raises(ValueError, match=r"must be after the time 0\.0002, found 0\.0001"):
        clone_table(None, at(0.0), line(0.0), None, forks=[1e-4, 1], steps=2, generator=None)


def test_clones_begin_at_images_with_the_noise_of_the_last_fork(monkeypatch):
    seen = []

    def recorded(training_set, noisy, time, first, second):
        seen.append((time, noisy))
        return {}

    monkeypatch.setattr(image_clones, "compared", recorded)
    images = at(*[7.0] * 4000)
    run = dict(forks=[0.4, 1.0], steps=4, generator=np.random.default_rng(0))
    clone_table(lambda y, sigma: y, images, None, lambda x: torch.zeros(len(x)), **run)
    (noisy,) = [noisy for time, noisy in seen if time == 1.0]
    noise = (noisy - images).flatten()
    assert abs(noise.mean()) < 5 * noise_level(1.0) / len(noise) ** 0.5
    assert noise.std() == pytest.approx(noise_level(1.0), rel=0.03)

"""Training: the loss at a denoiser whose error is known, the average, reproducibility."""

import numpy as np
import pytest
import torch

from gaussianity.denoisers import training as training_module
from gaussianity.denoisers.files import load_denoiser
from gaussianity.denoisers.preconditioning import EDM
from gaussianity.denoisers.training import (
    Training,
    average_decay,
    denoising_loss,
    learning_rate,
    loss_weight,
    train,
    train_as_set,
    train_checked,
    train_checkpoints,
    training_table,
    update_average,
)
from gaussianity.errors import InputError

NETWORK = dict(
    model_channels=8, channel_mult=[1], num_blocks=1, attention_resolutions=[], dropout=0.0
)


def test_weight_balances_the_preconditioning():
    """lambda(sigma) c_out(sigma)^2 = 1 (Karras et al. 2022, eq. 144)."""
    sigma = torch.tensor([0.002, 0.5, 80.0])
    c_out = sigma * 0.5 / (sigma**2 + 0.25).sqrt()
    torch.testing.assert_close(loss_weight(sigma, 0.5) * c_out**2, torch.ones(3))


@pytest.mark.parametrize("sigma", [0.2, 2.0])
def test_loss_of_the_exact_denoiser_is_the_bayes_error(gaussian_denoiser, sigma, monkeypatch):
    """For N(mean, C) the error is the mean over pixels of v sigma^2 / (v + sigma^2)."""
    n, variances = 20000, gaussian_denoiser.variances[0]
    generator = torch.Generator().manual_seed(0)
    normal = torch.randn(n, 12, generator=generator, dtype=torch.float64)
    clean = gaussian_denoiser.mean[0] + normal * variances.sqrt() @ gaussian_denoiser.vectors[0]
    noise = torch.randn(n, 3, 2, 2, generator=generator, dtype=torch.float64)
    monkeypatch.setattr(gaussian_denoiser, "preconditioning", EDM(0.5), raising=False)
    loss = denoising_loss(
        gaussian_denoiser,
        clean.reshape(n, 3, 2, 2),
        torch.eye(2)[[0] * n],
        torch.full((n,), sigma, dtype=torch.float64),
        noise,
    )
    bayes = (variances * sigma**2 / (variances + sigma**2)).mean()
    assert float(loss) == pytest.approx(float(loss_weight(sigma, 0.5) * bayes), rel=0.02)


def test_learning_rate_warms_up_and_falls_to_zero():
    training = Training(steps=100, batch_size=1, learning_rate=2.0, warmup_steps=10)
    rates = [learning_rate(step, training) for step in range(101)]
    assert rates[0] == pytest.approx(0.2, rel=0.01)
    assert np.argmax(rates) == 9
    assert rates[50] == pytest.approx(1.0)
    assert rates[100] == pytest.approx(0.0, abs=1e-12)


def test_average_moves_by_one_minus_decay():
    averaged, weights = torch.nn.Linear(1, 1), torch.nn.Linear(1, 1)
    torch.nn.init.zeros_(averaged.weight)
    torch.nn.init.ones_(weights.weight)
    update_average(averaged, weights, 0.75)
    assert averaged.weight.item() == pytest.approx(0.25)
    update_average(averaged, weights, 0.1)
    assert averaged.weight.item() == pytest.approx(0.25 + 0.9 * 0.75)


def test_the_average_forgets_faster_in_the_beginning():
    training = Training(steps=1, batch_size=1, learning_rate=1.0, average_decay=0.75)
    assert [average_decay(step, training) for step in (0, 1, 1000)] == [1 / 10, 2 / 11, 0.75]


def test_the_half_life_is_a_share_of_the_steps_done():
    """With a share of 0.05 half of the average is forgotten in 50 steps after 1,000, until the
    decay of 0.5 ** (1 / 500) is reached, whose half life is 500 steps, at step 10,000."""
    settings = dict(steps=1, batch_size=1, learning_rate=1.0, average_ramp=0.05)
    training = Training(**settings, average_decay=0.5 ** (1 / 500))
    assert average_decay(0, training) == 0
    assert average_decay(1000, training) ** 50 == pytest.approx(0.5)
    assert average_decay(9000, training) < training.average_decay
    assert average_decay(20000, training) ** 500 == pytest.approx(0.5)


def small_training(seed, steps, images=64):
    images = np.random.default_rng(0).standard_normal((images, 1, 4, 4)).astype(np.float32) * 0.5
    return train(
        images,
        np.zeros(len(images), dtype=int),
        label_dim=1,
        sigma_data=0.5,
        network=NETWORK,
        training=Training(steps=steps, batch_size=32, learning_rate=0.01, warmup_steps=5),
        generator=np.random.default_rng(seed),
    )


def test_same_generator_same_weights():
    (a, history), (b, _), (c, _) = small_training(1, 5), small_training(1, 5), small_training(2, 5)
    assert [column.shape for column in history.values()] == [(5,), (5,)]
    x = torch.randn(1, 1, 4, 4)
    assert torch.equal(a(x, 1.0), b(x, 1.0))
    assert not torch.equal(a(x, 1.0), c(x, 1.0))


@pytest.mark.parametrize("falls", [False, True])
def test_the_first_step_of_adam_moves_each_weight_by_the_rate(falls):
    """The average takes 0.9 of it; a warm-up of 5 steps makes the first rate a fifth."""

    def weights(rate):
        settings = dict(steps=1, batch_size=32, learning_rate=rate, warmup_steps=5, falls=falls)
        return parameters(settings)

    moved = (weights(0.01) - weights(1e-30)).abs()
    assert moved.max() == pytest.approx(0.9 * 0.01 / 5, rel=1e-3)


def test_betas_are_those_of_adam():
    """With betas of 0 every step of Adam moves each weight by the rate, whatever came before."""
    settings = dict(batch_size=32, learning_rate=0.01, warmup_steps=0, falls=False, average_decay=0)
    one, two = (parameters(settings | dict(steps=n, betas=[0, 0])) for n in (1, 2))
    np.testing.assert_allclose((two - one).abs().max(), 0.01, rtol=1e-4)
    other = parameters(settings | dict(steps=2))
    assert (two - other).abs().max() > 1e-3


def test_the_norm_of_the_gradient_is_the_slope_along_it(monkeypatch):
    """The loss is 3 times the sum of all weights, so its gradient is 3 everywhere."""

    def loss(denoiser, *_):
        return 3 * sum(p.sum() for p in denoiser.parameters())

    monkeypatch.setattr(training_module, "denoising_loss", loss)
    denoiser, history = small_training(0, 2)
    count = sum(p.numel() for p in denoiser.parameters())
    np.testing.assert_allclose(history["grad_norm"], 3 * count**0.5, rtol=1e-5)


class Seeds(np.random.Generator):
    """A generator that always draws the seed 3 and keeps from how many it drew."""

    def __init__(self):
        super().__init__(np.random.PCG64(0))
        self.counts = []

    def integers(self, count):
        self.counts.append(count)
        return 3


def test_seeds_are_drawn_from_so_many_that_trainings_differ():
    seeds = Seeds()
    parameters(dict(steps=1, batch_size=2, learning_rate=0.1), seeds)
    assert len(seeds.counts) == 2
    assert min(seeds.counts) >= 2**30


def parameters(settings, generator=None):
    """All weights after a training of these settings, in one row."""
    denoiser, _ = train(
        np.random.default_rng(0).standard_normal((16, 1, 4, 4)).astype(np.float32),
        np.zeros(16, int),
        label_dim=0,
        sigma_data=0.5,
        network=NETWORK,
        training=Training(**settings),
        generator=generator or np.random.default_rng(0),
    )
    return torch.cat([p.flatten() for p in denoiser.parameters()])


def test_noise_levels_are_lognormal_and_noise_normal(monkeypatch):
    """ln sigma is N(-0.5, 2^2) in 20,000 images; each number of the noise is N(0, 1)."""
    seen = []

    def loss(denoiser, images, class_labels, sigma, noise):
        seen.append((sigma, noise))
        return 0 * sum(p.sum() for p in denoiser.parameters())

    monkeypatch.setattr(training_module, "denoising_loss", loss)
    parameters(dict(steps=1, batch_size=20000, learning_rate=0.1, sigma_mean=-0.5, sigma_std=2.0))
    ((sigma, noise),) = seen
    assert float(sigma.log().mean()) == pytest.approx(-0.5, abs=0.06)
    assert float(sigma.log().std()) == pytest.approx(2.0, abs=0.05)
    assert noise.shape == (20000, 1, 4, 4)
    assert float(noise.std()) == pytest.approx(1.0, abs=0.01)


def test_noise_levels_of_trainings_are_edms():
    """Karras et al. (2022), table 1: P_mean and P_std. The average is one of weights."""
    training = Training(steps=1, batch_size=1, learning_rate=1.0)
    assert (training.sigma_mean, training.sigma_std) == (-1.2, 1.2)
    assert 0 < training.average_decay < 1


def test_the_trained_network_knows_the_spread_of_its_images():
    denoiser, _ = small_training(0, 1)
    assert denoiser.preconditioning == EDM(sigma_data=0.5)
    assert denoiser.arguments["network"]["architecture"] == "adm"


def test_training_leaves_the_global_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    small_training(0, 2)
    assert torch.equal(torch.rand(1), expected)


@pytest.mark.slow
def test_white_images_teach_the_wiener_filter():
    """For images N(0, 0.25 I) the best denoiser is x / (1 + 4 sigma^2), which F = 0 attains."""
    denoiser, history = small_training(0, 800, images=20000)
    assert history["loss"][-100:].mean() == pytest.approx(1.0, rel=0.1)
    x = 0.5 * torch.randn(200, 1, 4, 4, generator=torch.Generator().manual_seed(1))
    noisy = x + torch.randn(x.shape, generator=torch.Generator().manual_seed(2))
    error = (denoiser(noisy, 1.0, torch.ones(200, 1)) - noisy / 5).square().mean().sqrt()
    assert error < 0.15


def checked(images, **training):
    return train_checked(
        images,
        None,
        label_dim=0,
        sigma_data=0.5,
        network=NETWORK | dict(channels_per_head=8),
        training=Training(**dict(steps=2, batch_size=4, learning_rate=0.01) | training),
        generator=np.random.default_rng(0),
        prefix="part.",
    )


def test_a_training_as_a_study_sets_it(monkeypatch):
    """The threads are torch's; the rest is the training of the same settings."""
    threads = []
    monkeypatch.setattr(torch, "set_num_threads", threads.append)
    images = np.linspace(-1, 1, 256, dtype=np.float32).reshape(4, 1, 8, 8)
    settings = dict(steps=2, batch_size=4, learning_rate=0.01)
    _, history = train_as_set(
        images,
        None,
        label_dim=0,
        sigma_data=0.5,
        network=NETWORK | dict(channels_per_head=8),
        training=settings | dict(threads=3),
        generator=np.random.default_rng(0),
    )
    assert threads == [3]
    np.testing.assert_array_equal(history["loss"], checked(images)[1]["loss"])


def test_a_denoiser_without_labels():
    made, history = checked(np.zeros((4, 1, 8, 8), dtype=np.float32))
    assert made.label_dim == 0
    assert training_table(history)["step"] == range(2)
    assert made(torch.zeros(3, 1, 8, 8), 1.0).shape == (3, 1, 8, 8)


@pytest.mark.parametrize(
    ("shape", "change", "sentence"),
    [
        ((4, 1, 8, 6), {}, "^part.network: images must be square, they are 8 x 6"),
        (
            (4, 1, 8, 8),
            dict(learning_rate=1e30, steps=4),
            "^part.training.learning_rate must let the training",
        ),
    ],
)
def test_what_cannot_be_trained_is_a_sentence(shape, change, sentence):
    with pytest.raises(InputError, match=sentence):
        checked(np.ones(shape, dtype=np.float32), **change)


def test_learning_rate_stays_where_it_does_not_fall():
    training = Training(steps=100, batch_size=1, learning_rate=2.0, warmup_steps=10, falls=False)
    assert [learning_rate(step, training) for step in (0, 9, 50, 100)] == [0.2, 2.0, 2.0, 2.0]


SONG = dict(architecture="song", model_channels=4, channel_mult=[1], num_blocks=1, dropout=0.1)
TRAINING = dict(batch_size=4, learning_rate=0.01, warmup_steps=2)


def trained(folder, lengths, network=SONG, training=TRAINING):
    paths = {steps: folder / f"{steps}.safetensors" for steps in lengths}
    history = train_checkpoints(
        np.random.default_rng(0).standard_normal((6, 3, 4, 4)).astype(np.float32),
        paths,
        prefix="config: part.",
        sigma_data=1.0,
        network=network,
        training=training,
        generator=np.random.default_rng(1),
    )
    return history, {steps: load_denoiser(path) for steps, path in paths.items()}


def test_each_file_is_a_training_of_its_length(tmp_path):
    """This holds with dropout, and for lengths in any order."""
    history, kept = trained(tmp_path / "long", [3, 1])
    shorter, last = trained(tmp_path / "short", [1])
    for name, column in history.items():
        assert column.shape == (3,)
        np.testing.assert_array_equal(column[:1], shorter[name])
    x = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    assert torch.equal(kept[1](x, 1.0), last[1](x, 1.0))
    assert not torch.equal(kept[3](x, 1.0), kept[1](x, 1.0))
    assert kept[3].label_dim == 0
    assert kept[3].arguments["network"] == SONG


def test_what_does_not_fit_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"config: part.network: channel_mult has 4 levels"):
        trained(tmp_path, [1], network=SONG | dict(channel_mult=[1] * 4))
    with pytest.raises(InputError, match=r"config: part.training.learning_rate must let .* lower"):
        trained(tmp_path, [3], training=TRAINING | dict(learning_rate=1e30))

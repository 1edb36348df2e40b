"""A diffusers pipeline as a denoiser, against the closed formulas at its own time steps."""

import json
import math
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from gaussianity.denoisers.files import load_denoiser, save_denoiser
from gaussianity.denoisers.from_diffusers import DiffusersDenoiser
from gaussianity.errors import InputError
from gaussianity.sampling.sampler import sample

STEPS = 50
PREDICTIONS = ["epsilon", "v_prediction", "sample"]


def test_without_the_package_one_sentence_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(InputError, match=r"^folder: .*needs the package diffusers: .*pip install"):
        DiffusersDenoiser(image_shape=[2, 8, 8], label_dim=0, folder="folder")


def test_times_of_levels_by_hand():
    """Between two steps the time is linear in log sigma; beyond the ends it is that of the end."""
    steps = SimpleNamespace(log_sigma=torch.tensor([0.1, 1, 10], dtype=torch.float64).log())
    levels = torch.tensor([0.01, 0.1, 0.1**0.5, 1, 10**0.25, 10, 100], dtype=torch.float64)
    expected = torch.tensor([0, 0, 0.5, 1, 1.25, 2, 2], dtype=torch.float64)
    torch.testing.assert_close(DiffusersDenoiser.time(steps, levels), expected)


@pytest.fixture
def diffusers():
    """The package diffusers without its output. Tests of pipelines are skipped without it."""
    module = pytest.importorskip("diffusers", reason="the package diffusers is not installed")
    module.utils.logging.set_verbosity_error()
    module.utils.logging.disable_progress_bar()
    return module


@pytest.fixture
def save(diffusers, tmp_path):
    """Write a pipeline of a small random U-Net: save(scheduler, **network) is its folder."""

    def write(scheduler=None, **network):
        torch.manual_seed(0)
        unet = diffusers.UNet2DModel(
            **dict(
                sample_size=8,
                in_channels=2,
                out_channels=2,
                block_out_channels=(8, 16),
                layers_per_block=1,
                down_block_types=("DownBlock2D", "AttnDownBlock2D"),
                up_block_types=("AttnUpBlock2D", "UpBlock2D"),
                norm_num_groups=4,
                attention_head_dim=8,
            )
            | network
        )
        scheduler = scheduler or diffusers.DDPMScheduler(num_train_timesteps=STEPS)
        diffusers.DDPMPipeline(unet, scheduler).save_pretrained(tmp_path / "pipeline")
        return str(tmp_path / "pipeline")

    return write


def denoiser(folder, label_dim=0, image_shape=(2, 8, 8)):
    return DiffusersDenoiser(image_shape=list(image_shape), label_dim=label_dim, folder=folder)


def change(path, **entries):
    """Change entries of a JSON file."""
    content = json.loads(Path(path).read_text())
    Path(path).write_text(json.dumps(content | entries))


def noisy(n, sigma):
    generator = torch.Generator().manual_seed(1)
    return (1 + sigma) * torch.randn(n, 2, 8, 8, generator=generator, dtype=torch.float64)


@pytest.fixture
def ddpm(diffusers):
    """A scheduler and its noise levels: ddpm(prediction) is both."""

    def make(prediction="epsilon", **settings):
        scheduler = diffusers.DDPMScheduler(
            num_train_timesteps=STEPS, prediction_type=prediction, **settings
        )
        return scheduler, (1 / scheduler.alphas_cumprod.double() - 1).sqrt()

    return make


@torch.no_grad()
@pytest.mark.parametrize("prediction", PREDICTIONS)
def test_denoised_images_are_those_of_the_closed_formulas(diffusers, save, ddpm, prediction):
    """At the level of an integer time t, x_t = sqrt(alpha_bar) x is what the pipeline denoises."""
    scheduler, levels = ddpm(prediction)
    folder = save(scheduler)
    made = denoiser(folder)
    unet = diffusers.DDPMPipeline.from_pretrained(folder).unet
    for t in (0, 1, 20, STEPS - 1):
        alpha_bar = scheduler.alphas_cumprod[t].double()
        x = noisy(2, levels[t])
        x_t = alpha_bar.sqrt() * x
        output = unet(x_t.float(), t).sample.double()
        expected = dict(
            epsilon=(x_t - (1 - alpha_bar).sqrt() * output) / alpha_bar.sqrt(),
            v_prediction=alpha_bar.sqrt() * x_t - (1 - alpha_bar).sqrt() * output,
            sample=output,
        )[prediction]
        found = made(x, float(levels[t]))
        assert found.dtype == torch.float64
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("prediction", PREDICTIONS)
def test_one_noise_is_one_image_under_every_prediction(diffusers, save, ddpm, prediction):
    """A network that returns the clean image: D equals it at every level, also between steps."""
    scheduler, levels = ddpm(prediction)
    made = denoiser(save(scheduler))
    clean, noise = noisy(3, 0.0), torch.randn(3, 2, 8, 8, dtype=torch.float64)
    for sigma in (levels[0], levels[3] * 1.01, levels[40], levels[-1]):
        root = (1 + sigma**2).sqrt()
        right = dict(epsilon=noise, v_prediction=(noise - sigma * clean) / root, sample=clean)
        output = SimpleNamespace(sample=right[prediction])
        made.__dict__["network"] = lambda x, t, class_labels, output=output: output
        found = made(clean + sigma * noise, float(sigma))
        torch.testing.assert_close(found, clean, rtol=1e-9, atol=1e-9)


def test_times_are_the_schedulers_steps_and_rise_with_the_noise(save, ddpm):
    scheduler, levels = ddpm()
    made = denoiser(save(scheduler))
    steps = torch.arange(STEPS, dtype=torch.float64)
    torch.testing.assert_close(made.time(levels), steps, rtol=0, atol=1e-9)
    between = (levels[:-1] * levels[1:]).sqrt()  # halfway in ln sigma
    torch.testing.assert_close(made.time(between), steps[:-1] + 0.5, rtol=0, atol=1e-9)
    rising = made.time(torch.logspace(-2, 1, 200, dtype=torch.float64))
    inside = (rising > 0) & (rising < STEPS - 1)
    assert inside.sum() > 50
    assert (rising[inside].diff() > 0).all()
    ends = made.time(torch.tensor([1e-6, 1e6], dtype=torch.float64))
    assert ends.tolist() == [0, STEPS - 1]


def test_it_knows_the_noise_levels_of_its_scheduler(save, ddpm):
    scheduler, levels = ddpm(beta_start=0.001, beta_end=0.3)
    made = denoiser(save(scheduler))
    assert made.sigma_min == pytest.approx(float(levels[0]), rel=1e-12)
    assert made.sigma_max == pytest.approx(float(levels[-1]), rel=1e-12)
    assert 0.03 < made.sigma_min < 0.033  # sqrt(0.001 / 0.999)


def test_the_sampler_stays_within_those_levels(save):
    made = denoiser(save())
    seen = []
    made.register_forward_pre_hook(lambda module, given: seen.append(given[1]))
    sample(made, range(2), steps=5)
    assert max(seen) == pytest.approx(made.sigma_max)
    assert min(seen) == pytest.approx(made.sigma_min)


@torch.no_grad()
def test_labels_reach_the_network(diffusers, save):
    folder = save(num_class_embeds=3)
    made = denoiser(folder, label_dim=3)
    unet = diffusers.DDPMPipeline.from_pretrained(folder).unet
    x, labels = noisy(1, 1.0).expand(3, -1, -1, -1), torch.eye(3)[[2, 0, 1]]
    level = made.log_sigma[7].exp()
    found = made(x, float(level), labels)
    assert (found[0] - found[1]).abs().max() > 1e-3
    scaled = (x / (1 + level**2).sqrt()).float()
    output = unet(scaled, 7, class_labels=torch.tensor([2, 0, 1])).sample
    torch.testing.assert_close(found, x - level * output, rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_a_noise_level_per_image(save):
    made = denoiser(save())
    x, levels = noisy(3, 1.0), torch.tensor([0.02, 0.2, 0.4], dtype=torch.float64)
    together = made(x, levels)
    for i in range(3):
        alone = made(x[i : i + 1], float(levels[i]))
        torch.testing.assert_close(together[i : i + 1], alone, rtol=1e-5, atol=1e-6)


@torch.no_grad()
def test_saved_by_its_folder_it_is_the_same(save, tmp_path):
    made = denoiser(save(num_class_embeds=2), label_dim=2)
    save_denoiser(made, tmp_path / "d.safetensors", ["cat", "dog"])
    loaded = load_denoiser(tmp_path / "d.json")
    assert not made.state_dict()
    assert (loaded.class_names, loaded.image_shape) == (["cat", "dog"], (2, 8, 8))
    x, labels = noisy(2, 1.0), torch.eye(2)
    assert torch.equal(loaded(x, 0.3, labels), made(x, 0.3, labels))
    assert not loaded.network.training
    assert not any(p.requires_grad for p in loaded.network.parameters())


def test_a_network_of_another_shape_is_one_sentence(save):
    folder = save()
    message = r"expected images of shape \(3, 8, 8\), found a network for \(2, 8, 8\); set denoiser"
    with pytest.raises(InputError, match=rf"^{folder}: {message}"):
        denoiser(folder, image_shape=(3, 8, 8))


def test_a_folder_without_a_pipeline_is_one_sentence(diffusers, tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "absent"):
        with pytest.raises(InputError, match=rf"/{name}: expected a saved diffusers pipeline: "):
            denoiser(str(tmp_path / name))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"_class_name": "NoSuchPipeline"}'])
def test_a_description_of_no_pipeline_is_one_sentence(save, content):
    folder = save()
    Path(folder, "model_index.json").write_text(content)
    with pytest.raises(InputError, match="pipeline: expected a saved diffusers pipeline: "):
        denoiser(folder)


def test_weights_that_are_cut_or_of_another_network_are_one_sentence(save):
    folder = save()
    with open(f"{folder}/unet/diffusion_pytorch_model.safetensors", "r+b") as file:
        file.truncate(1000)
    with pytest.raises(InputError, match="pipeline: expected a saved diffusers pipeline: "):
        denoiser(folder)
    save()
    change(f"{folder}/unet/config.json", block_out_channels=[8, 32])
    with pytest.raises(InputError, match="pipeline: expected a saved diffusers pipeline: "):
        denoiser(folder)


@pytest.mark.parametrize("name", ["FlowMatchEulerDiscreteScheduler", "ScoreSdeVeScheduler"])
def test_a_scheduler_without_alpha_bar_is_one_sentence(diffusers, save, name):
    folder = save(getattr(diffusers, name)())
    message = rf"of a UNet2DModel in pixel space and a scheduler .*UNet2DModel and {name}"
    with pytest.raises(InputError, match=message):
        denoiser(folder)


def test_a_pipeline_without_a_unet_is_one_sentence(diffusers, tmp_path):
    vae = diffusers.AutoencoderKL(block_out_channels=(4,), norm_num_groups=2, sample_size=8)
    transformer = diffusers.DiTTransformer2DModel(
        num_attention_heads=1, attention_head_dim=4, num_layers=1, norm_num_groups=2, sample_size=8
    )
    pipeline = diffusers.DiTPipeline(transformer, vae, diffusers.DDIMScheduler())
    pipeline.save_pretrained(tmp_path / "dit")
    with pytest.raises(InputError, match=r"dit: expected a pipeline of a UNet2DModel .*NoneType"):
        denoiser(str(tmp_path / "dit"), image_shape=(4, 8, 8))


def test_a_pipeline_of_latents_is_refused(diffusers, save, tmp_path):
    """Its U-Net is of the same kind, but works in a latent space."""
    pixels = diffusers.DDPMPipeline.from_pretrained(save())
    autoencoder = diffusers.VQModel(
        block_out_channels=(8,), norm_num_groups=4, latent_channels=2, sample_size=8
    )
    latent = diffusers.LDMPipeline(autoencoder, pixels.unet, diffusers.DDIMScheduler())
    latent.save_pretrained(tmp_path / "latent")
    with pytest.raises(InputError, match="latent: expected a pipeline "):
        denoiser(str(tmp_path / "latent"))


@pytest.mark.parametrize(
    ("network", "label_dim"),
    [(dict(), 3), (dict(num_class_embeds=2), 3)],
    ids=["none", "too few"],
)
def test_labels_that_the_network_does_not_have_are_one_sentence(save, network, label_dim):
    folder = save(**network)
    with pytest.raises(InputError, match=r"pipeline: expected .*label"):
        denoiser(folder, label_dim=label_dim)


def test_a_network_that_also_predicts_the_variance_is_one_sentence(save):
    folder = save(out_channels=4)
    with pytest.raises(InputError, match="pipeline: expected "):
        denoiser(folder)


@torch.no_grad()
def test_a_scheduler_that_ends_in_pure_noise_has_no_largest_level(save, ddpm):
    scheduler, _ = ddpm("v_prediction", rescale_betas_zero_snr=True)
    made = denoiser(save(scheduler))
    assert made.sigma_max == math.inf
    assert made(noisy(2, 80.0), 80.0).isfinite().all()


def test_code_in_the_folder_is_not_run(save):
    folder = save()
    change(f"{folder}/model_index.json", _class_name=["mine", "Pipeline"])
    Path(folder, "mine.py").write_text("raise AssertionError('the code of a pipeline was run')")
    with pytest.raises(InputError, match=r"pipeline: expected a saved .* contains custom code"):
        denoiser(folder)


@pytest.mark.parametrize("prediction", PREDICTIONS)
def test_what_the_network_predicts_becomes_the_image(prediction):
    """x = clean + sigma noise, of a network that is right: no package is needed."""
    clean, noise = torch.tensor([[[[0.5, -0.25]]]]), torch.tensor([[[[1.0, 2.0]]]])
    sigma = 0.75  # sqrt(1 + sigma^2) = 1.25
    right = dict(epsilon=noise, v_prediction=(noise - sigma * clean) / 1.25, sample=clean)
    given = []

    def network(x, time, class_labels):
        given.append((x, time))
        return SimpleNamespace(sample=right[prediction])

    denoiser = SimpleNamespace(
        network=network,
        prediction=prediction,
        time=lambda s: 10 * s,
        image_shape=(1, 1, 2),
        label_dim=0,
    )
    found = DiffusersDenoiser.forward(denoiser, clean + sigma * noise, sigma)
    torch.testing.assert_close(found, clean)
    torch.testing.assert_close(given[0][0], (clean + sigma * noise) / 1.25)
    torch.testing.assert_close(given[0][1], torch.tensor([7.5]))

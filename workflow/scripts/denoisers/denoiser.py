"""The study's denoiser: a trained U-Net, the exact denoiser of Gaussian classes, or a given one."""

from gaussianity.data.datasets import load_dataset
from gaussianity.denoisers.files import save_denoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.denoisers.given import class_names_of, given_denoiser
from gaussianity.denoisers.training import train_as_set, training_table
from gaussianity.io.files import write_table
from gaussianity.io.images import to_network
from gaussianity.streams import stream

PREFIX = "denoiser."  # of the names of arguments in errors


def exact_gaussian(data):
    classes = [to_network(data.of_class(name)) for name in data.class_names]
    rows = [images.reshape(len(images), -1) for images in classes]
    return GaussianDenoiser.of_classes(rows, data.images.shape[1:])


def main(*, given_paths, denoiser_path, training_path, config, study_seed, device):
    history = dict(loss=[], grad_norm=[])
    if config["kind"] in ("unet", "gaussian"):
        data = load_dataset(given_paths[0])
        class_names = data.class_names
    if config["kind"] == "unet":
        made, history = train_as_set(
            to_network(data.images),
            data.labels,
            label_dim=len(class_names),
            **{key: config[key] for key in ("sigma_data", "network", "training")},
            prefix=f"config: {PREFIX}",
            generator=stream(study_seed, "training"),
            device=device,
        )
    elif config["kind"] == "gaussian":
        made = exact_gaussian(data)
    else:
        settings = dict(config, path=given_paths[0]) if config["kind"] == "file" else dict(config)
        labels = settings.pop("labels", None)
        prefix = f"config: {PREFIX}" if config["kind"] == "random" else PREFIX
        generator = stream(study_seed, "training")
        made = given_denoiser(**settings, generator=generator, prefix=prefix)
        class_names = class_names_of(made, labels or {}, settings.get("path"), prefix)
    save_denoiser(made, denoiser_path, class_names)
    write_table(training_path, training_table(history))


if __name__ == "__main__":
    from job import logged, torch_device

    with logged(snakemake.log[0]):
        main(
            given_paths=snakemake.input.given,
            denoiser_path=snakemake.output.denoiser,
            training_path=snakemake.output.training,
            config=snakemake.params.denoiser,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

"""Mean and covariance of the classes from which a sampler starts in closed form, and the level."""

import numpy as np
import torch

from gaussianity.data.datasets import load_dataset
from gaussianity.denoisers.files import save_denoiser
from gaussianity.denoisers.gaussian import GaussianDenoiser
from gaussianity.io.files import write_table
from gaussianity.io.images import rows, to_network
from gaussianity.linear.start import nats_of_states, start_levels
from gaussianity.sampling.class_samples import classes_denoiser
from gaussianity.sampling.gaussian_start import GaussianStart
from gaussianity.sampling.sampler import noise_levels
from gaussianity.streams import stream

LEVELS = ("steps", "sigma_min", "sigma_max", "rho")
IMAGES = 64  # states of each class on which the network is compared


def main(*, denoiser_path, dataset_path, start_paths, sampling, classes, study_seed, device):
    data = load_dataset(dataset_path)
    images = [rows(to_network(data.of_class(name), np.float64)) for name in classes]
    gaussian = GaussianDenoiser.of_classes(images, data.images.shape[1:])
    computed = dict(precision=sampling["precision"], compiled=False)
    model = classes_denoiser(denoiser_path, classes, device, **computed)
    sigmas = noise_levels(model, **{key: sampling[key] for key in LEVELS})[:-1]
    nats = []
    for number, label in enumerate(classes.values()):
        generator = stream(study_seed, "gaussian_start", number)
        normal = generator.standard_normal((IMAGES, *model.image_shape))
        start = GaussianStart.of_class(gaussian, number, 0)
        batch = dict(batch_size=sampling["batch_size"], device=device)
        nats.append(nats_of_states(model, label, start, sigmas, normal, **batch))
    level, bound = sampling["start_level"], sampling["start_bound"]
    write_table(start_paths[1], start_levels(sigmas, np.mean(nats, axis=0), level, bound))
    save_denoiser(gaussian, start_paths[0], list(classes))


if __name__ == "__main__":
    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            denoiser_path=snakemake.input.denoiser,
            dataset_path=snakemake.input.dataset[0],
            start_paths=[snakemake.output.gaussian, snakemake.output.levels],
            sampling=snakemake.params.sampling,
            classes=snakemake.params.classes,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

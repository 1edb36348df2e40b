"""Train the study's network on a half of its dataset."""

from gaussianity.data.datasets import load_dataset
from gaussianity.denoisers.files import save_denoiser
from gaussianity.denoisers.training import train_as_set
from gaussianity.io.files import write_table
from gaussianity.io.images import to_network
from gaussianity.linear.halves.dataset_halves import SECOND, TRAININGS, disjoint_halves
from gaussianity.streams import stream


def main(*, dataset_path, half, denoiser_path, training_path, config, study_seed, device):
    data = load_dataset(dataset_path)
    first, second = disjoint_halves(data.labels, stream(study_seed, "halves"))
    chosen = second if half == SECOND else first
    made, losses = train_as_set(
        to_network(data.images[chosen]),
        data.labels[chosen],
        label_dim=len(data.class_names),
        **{key: config[key] for key in ("sigma_data", "network", "training")},
        prefix="config: denoiser.",
        generator=stream(study_seed, "half_training", TRAININGS.index(half)),
        device=device,
    )
    save_denoiser(made, denoiser_path, data.class_names)
    write_table(training_path, dict(step=range(len(losses)), loss=losses))


if __name__ == "__main__":
    from job import logged, torch_device

    with logged(snakemake.log[0]):
        main(
            dataset_path=snakemake.input.dataset,
            half=snakemake.wildcards.half,
            denoiser_path=snakemake.output.denoiser,
            training_path=snakemake.output.training,
            config=snakemake.params.denoiser,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

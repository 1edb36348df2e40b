"""Train the study's network on the images of two classes, without labels."""

from gaussianity.denoisers.files import save_denoiser
from gaussianity.denoisers.training import train_as_set, training_table
from gaussianity.io.files import write_table
from gaussianity.io.images import image_shape
from gaussianity.manifold.measured.image_weights import read_classes
from gaussianity.streams import stream


def main(*, image_paths, denoiser_path, training_path, config, study_seed, device):
    rows, labels = read_classes(image_paths)
    made, history = train_as_set(
        rows.reshape(-1, *image_shape(image_paths[0][0])),
        labels,
        label_dim=0,
        **{key: config[key] for key in ("sigma_data", "network", "training")},
        prefix="config: denoiser.",
        generator=stream(study_seed, "unconditional_training"),
        device=device,
    )
    save_denoiser(made, denoiser_path)
    write_table(training_path, training_table(history))


if __name__ == "__main__":
    from job import logged, torch_device

    with logged(snakemake.log[0]):
        main(
            image_paths=[snakemake.input.first, snakemake.input.second],
            denoiser_path=snakemake.output.denoiser,
            training_path=snakemake.output.training,
            config=snakemake.params.denoiser,
            study_seed=snakemake.params.study_seed,
            device=torch_device(snakemake.params.device),
        )

"""Features of one shard of images."""

from gaussianity.data.features import Features
from gaussianity.io.files import write_npz
from gaussianity.io.images import read_images


def main(*, images_path, features_path, network, batch_size, device):
    made = Features(**network, device=device, prefix="features.")
    found = made.of_images(read_images(images_path), batch_size)
    write_npz(features_path, images=found[:, :, None, None])


if __name__ == "__main__":
    import torch

    from job import logged, torch_device

    torch.set_num_threads(snakemake.threads)
    with logged(snakemake.log[0]):
        main(
            images_path=snakemake.input.images,
            features_path=snakemake.output.features,
            network=snakemake.params.network,
            batch_size=snakemake.params.batch_size,
            device=torch_device(snakemake.params.device),
        )

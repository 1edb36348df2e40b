"""One shard of the dataset's images of a class."""

from gaussianity.data.datasets import load_dataset
from gaussianity.io.files import write_npz


def main(*, dataset_path, images_path, image_class, bounds):
    start, stop = bounds
    write_npz(images_path, images=load_dataset(dataset_path).of_class(image_class)[start:stop])


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            dataset_path=snakemake.input.dataset,
            images_path=snakemake.output.images,
            image_class=snakemake.params.image_class,
            bounds=snakemake.params.bounds,
        )

"""One shard of the dataset's images of a class."""

from gaussianity.data.datasets import load_dataset
from gaussianity.io.files import write_npz


def main(*, dataset, images, image_class, bounds):
    start, stop = bounds
    write_npz(images, images=load_dataset(dataset).of_class(image_class)[start:stop])


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            dataset=snakemake.input.dataset,
            images=snakemake.output.images,
            image_class=snakemake.wildcards.image_class,
            bounds=snakemake.params.bounds,
        )

"""The study's dataset as one .npz file."""

from gaussianity.data.datasets import read_dataset, save_fields
from gaussianity.io.files import write_npz


def main(*, dataset, dataset_path):
    read = read_dataset(**dataset)
    write_npz(dataset_path, **save_fields(read))
    print(f"{len(read.images)} images {read.images.shape[1:]} of {len(read.class_names)} classes")


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(dataset=snakemake.params.dataset, dataset_path=snakemake.output.dataset)

"""A dataset as one .npz file, or the images of some of its classes."""

from gaussianity.data.datasets import GivenDataset
from gaussianity.io.files import write_npz


def main(*, dataset, classes, varied, dataset_path):
    """classes - whose images are read, None for all; varied - classes whose images must differ."""
    found = GivenDataset(**dataset).streamed(classes, varied=varied)
    write_npz(dataset_path, **found.fields())
    (count, *shape), names = found.images.shape, found.class_names
    read = len(names) if classes is None else len(classes)
    print(f"{count} images {tuple(shape)} of {read} of {len(names)} classes")


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            dataset=snakemake.params.dataset,
            classes=snakemake.params.classes,
            varied=snakemake.params.varied,
            dataset_path=snakemake.output.dataset,
        )

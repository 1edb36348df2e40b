"""Figure and table of the classes of generated images by the vote of the nearest real images."""

from gaussianity.data.datasets import load_dataset
from gaussianity.data.figures import class_agreement
from gaussianity.data.neighbours import class_votes
from gaussianity.drawing import style
from gaussianity.io.images import read_rows, rows


def main(*, dataset_path, shard_paths, classes, figure_paths):
    data = load_dataset(dataset_path)
    known = len(data.class_names)
    votes = class_votes(rows(data.images), data.labels, read_rows(shard_paths), classes=known)
    of_class = votes.reshape(len(classes), -1, known).sum(axis=1)
    summary = class_agreement.table(of_class, classes, data.class_names)
    style.save(class_agreement.draw(summary), summary, **figure_paths)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            dataset_path=snakemake.input.dataset,
            shard_paths=snakemake.input.shards,
            classes=snakemake.params.classes,
            figure_paths=figure_outputs(snakemake),
        )

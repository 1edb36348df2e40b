"""Figure and table of the classes of generated images by the vote of the nearest real images."""

from gaussianity.data.datasets import load_dataset
from gaussianity.data.figures import class_agreement
from gaussianity.data.neighbours import class_votes
from gaussianity.drawing import style
from gaussianity.io.images import read_rows, rows


def main(*, dataset, shards, classes, files):
    data = load_dataset(dataset)
    known = len(data.class_names)
    votes = class_votes(rows(data.images), data.labels, read_rows(shards), classes=known)
    votes = votes.reshape(len(classes), -1, known).sum(axis=1)  # over the shards of a class
    summary = class_agreement.table(votes, classes, data.class_names)
    style.save(class_agreement.draw(summary), summary, **files)


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            dataset=snakemake.input.dataset,
            shards=snakemake.input.shards,
            classes=snakemake.params.classes,
            files=figure_outputs(snakemake.output),
        )

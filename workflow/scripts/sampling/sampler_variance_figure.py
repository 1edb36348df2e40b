"""Figure of the variance that the sampler alone makes, beside the generated images', with its
table."""

import numpy as np

from gaussianity.data.datasets import load_dataset
from gaussianity.drawing import style
from gaussianity.io.files import read_tables
from gaussianity.io.images import read_images, rows, to_network
from gaussianity.sampling.figures import sampler_variance
from gaussianity.sampling.variance_table import class_moments, table


def main(*, dataset_path, shard_paths, classes, sampling, figure_paths, start_paths=()):
    data = load_dataset(dataset_path) if dataset_path else None
    found = [
        class_moments(
            None if data is None else _network_rows(data.of_class(name)),
            _network_rows(read_images(path)),
        )
        for name, path in zip(classes, shard_paths, strict=True)
    ]
    late = read_tables(start_paths[2:]).query("is_start == 1").iloc[0] if start_paths else None
    drawn = table(found, sampling, late)
    style.save(sampler_variance.draw(drawn), drawn, **figure_paths)


def _network_rows(images):
    return rows(to_network(images, np.float64))


if __name__ == "__main__":
    from job import figure_outputs, logged

    with logged(snakemake.log[0]):
        main(
            dataset_path=next(iter(snakemake.input.dataset), None),
            shard_paths=snakemake.input.shards,
            classes=snakemake.params.classes,
            sampling=snakemake.params.sampling,
            figure_paths=figure_outputs(snakemake),
            start_paths=snakemake.input.start,
        )

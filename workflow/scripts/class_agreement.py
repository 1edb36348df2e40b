"""Table: share of generated images that their nearest real images put into the intended class."""

import numpy as np
import pandas as pd

from gaussianity.agreement import class_agreement
from gaussianity.datasets import load_dataset
from gaussianity.files import write_csv
from gaussianity.images import read_images, rows


def main(*, dataset, shards, classes, table):
    data = load_dataset(dataset)
    generated = [rows(read_images(path)) for path in shards]
    intended = np.repeat([data.class_names.index(c) for c in classes], [len(g) for g in generated])
    shares = class_agreement(rows(data.images), data.labels, np.concatenate(generated), intended)
    lines = [
        dict(image_class=data.class_names[k], images=int((intended == k).sum()), agreement=share)
        for k, share in shares.items()
    ]
    overall = np.average([row["agreement"] for row in lines], weights=[r["images"] for r in lines])
    lines.append(dict(image_class="all", images=len(intended), agreement=overall))
    write_csv(table, pd.DataFrame(lines))


if __name__ == "__main__":
    from job import logged

    with logged(snakemake.log[0]):
        main(
            dataset=snakemake.input.dataset,
            shards=snakemake.input.shards,
            classes=snakemake.params.classes,
            table=snakemake.output.table,
        )

"""Tables as dicts of equally long columns, which a job writes without pandas."""

import numpy as np


def concatenated(tables):
    """One table of the rows of several tables with the same columns.

    >>> concatenated([{"a": [1]}, {"a": [2, 3]}])
    {'a': array([1, 2, 3])}
    """
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def of_class(name, columns):
    """The columns with the name of their class in each row, as the column image_class.

    >>> of_class("cat", {"a": [1, 2]})["image_class"].tolist()
    ['cat', 'cat']
    """
    count = len(next(iter(columns.values())))
    return dict(image_class=np.array([name] * count)) | columns


def from_rows(rows):
    """The columns of rows, which are dicts with the same keys.

    >>> from_rows([{"a": 1, "b": 2.0}, {"a": 3, "b": 4.0}])
    {'a': array([1, 3]), 'b': array([2., 4.])}
    """
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}

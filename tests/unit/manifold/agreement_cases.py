"""Rows of a table with given values."""


def chosen(summary, **values):
    for name, value in values.items():
        summary = summary[summary[name] == value]
    return summary

"""Labels of jobs: dicts of their wildcards."""

import itertools


def product(**domains):
    """All combinations as dicts, the last name varying fastest."""
    values = itertools.product(*domains.values())
    return [dict(zip(domains, combination, strict=True)) for combination in values]

"""A part of the configuration, with the files, labels and settings that follow from it."""

import contextlib
import itertools
from typing import ClassVar

from gaussianity.errors import InputError


@contextlib.contextmanager
def in_source(folder):
    """Name the source in the message of an InputError on a key of its own denoiser or sampling.

    Args:    folder - "sources/NAME/"; "" for the study's own, which is left as it is.

    >>> with in_source("sources/long/"):
    ...     raise InputError("config: sampling.steps must be at least 2, found 0")
    Traceback (most recent call last):
    gaussianity.errors.InputError: config: sources: long: sampling.steps must be at least 2, found 0
    """
    try:
        yield
    except InputError as error:
        key = str(error).removeprefix("config: ")
        if not (folder and key.startswith(("sampling.", "denoiser."))):
            raise
        raise InputError(f"config: sources: {folder.split('/')[1]}: {key}") from None


class Topic:
    """Base of the parts of a Study: a part has its own files, checks and settings.

    FILES - the path of a file by its name, with the job's wildcards in braces.

    Args:    study - the Study that the topic is a part of; it has the classes and sources.
    """

    FILES: ClassVar = {}

    def __init__(self, study):
        self.study, self.config = study, study.config

    def files(self, name, labels):
        """The file of a name in FILES for each label, a dict of its wildcards; a class by its name
        in the dataset."""
        pattern = self.FILES[name]
        return [self.study.path(pattern.format(**self._in_files(label))) for label in labels]

    def _in_files(self, label):
        if "image_class" not in label:
            return label
        return label | dict(image_class=self.study.class_files[label["image_class"]])

    def pattern(self, name):
        """The path of a name in FILES with its wildcards, for the rule that makes the file."""
        return f"results/{{study}}/{self.FILES[name]}"

    def check(self):
        """Raise an InputError where the topic's settings do not fit together or to the data."""

    def find_files(self):
        """Find the user's files that the topic's jobs read.

        Raises:  InputError - one of them does not exist.
        """


def only(section, *keys):
    """The named keys of a section."""
    return {key: section[key] for key in keys}


def without(section, *keys):
    """A section without the named keys."""
    return {key: value for key, value in section.items() if key not in keys}


def product(**domains):
    """Labels of jobs: all combinations of the domains as dicts, the last name varying fastest."""
    values = itertools.product(*domains.values())
    return [dict(zip(domains, combination, strict=True)) for combination in values]

"""The exception for mistakes that a user can correct."""

import contextlib


class InputError(ValueError):
    """A user's mistake. The message says what was expected and found, where, and what to do."""


@contextlib.contextmanager
def prefixed(prefix):
    """Write a prefix, such as a section of the configuration, before the message of an InputError.

    >>> with prefixed("config: classifier."):
    ...     raise InputError("patience must be at least 1, found 0")
    Traceback (most recent call last):
    gaussianity.errors.InputError: config: classifier.patience must be at least 1, found 0
    """
    try:
        yield
    except InputError as error:
        raise InputError(f"{prefix}{error}") from None

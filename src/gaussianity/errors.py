"""The exception for mistakes that a user can correct."""

import contextlib
import numbers


class InputError(ValueError):
    """A user's mistake. The message says what was expected and found, where, and what to do."""


def require_numbers(ranges, **given):
    """Raise an InputError where a number is outside of its range.

    Args:    ranges - dict of name to the range in words and a function that says whether it holds.

    >>> require_numbers({"seeds": ("at least 1", lambda n: n >= 1)}, seeds=0)
    Traceback (most recent call last):
    gaussianity.errors.InputError: seeds: expected a number at least 1, found 0
    """
    for name, value in given.items():
        text, holds = ranges[name]
        if not isinstance(value, numbers.Real) or not holds(value):
            raise InputError(f"{name}: expected a number {text}, found {value}")


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

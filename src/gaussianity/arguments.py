"""Checks of what a person gives to the package's functions, by the names of the arguments."""

import numbers

import numpy as np

from gaussianity.errors import InputError


def require_whole(least=1, **given):
    """Raise an InputError unless every argument is an integer of at least `least`.

    >>> require_whole(steps=0)
    Traceback (most recent call last):
    gaussianity.errors.InputError: steps: expected an integer of at least 1, found 0
    """
    for name, value in given.items():
        whole = isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_))
        if not whole or value < least:
            raise InputError(f"{name}: expected an integer of at least {least}, found {value!r}")


def require_wholes(least=1, **given):
    """Raise an InputError unless every argument is a sequence (n,), n > 0, of such integers."""
    for name, value in given.items():
        array = as_array(name, value)
        if array.ndim != 1 or not array.size or array.dtype.kind not in "iu" or array.min() < least:
            raise InputError(
                f"{name}: expected a list of integers of at least {least}, found {_short(value)}"
            )


def require_between(low, high, *, ends=True, **given):
    """Raise an InputError unless every argument is a number from `low` to `high`.

    Args:    ends - whether `low` and `high` themselves are allowed.
    """
    for name, value in given.items():
        real = isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))
        inside = real and (low <= value <= high if ends else low < value < high)
        if not inside:
            words = f"from {low:g} to {high:g}" if ends else f"above {low:g} and below {high:g}"
            raise InputError(f"{name}: expected a number {words}, found {value!r}")


def require_generator(generator):
    """Raise an InputError unless the argument `generator` is a NumPy generator."""
    if not isinstance(generator, np.random.Generator):
        raise InputError(
            "generator: expected a NumPy generator, np.random.default_rng(seed), found "
            f"{_short(generator)}"
        )


def require_array(name, value, shape, *, least=1):
    """The argument as an array of finite real numbers.

    Args:    name - of the argument; shape - a size for each axis, or a letter where any size is
             allowed; least - number of rows at least.
    Returns: array of the same values.
    Raises:  InputError - another shape, too few rows, no numbers, NaN or infinity.

    >>> require_array("rows", [1.0, 2.0], ("n", "d"))
    Traceback (most recent call last):
    gaussianity.errors.InputError: rows: expected an array of shape (n, d), found shape (2,)
    """
    array = as_array(name, value)
    if array.dtype.kind not in "iuf":
        raise InputError(f"{name}: expected an array of real numbers, found {array.dtype}")
    fits = array.ndim == len(shape) and all(
        isinstance(wanted, str) or wanted == size
        for wanted, size in zip(shape, array.shape, strict=True)
    )
    if not fits or 0 in array.shape[1:]:
        wanted = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
        raise InputError(
            f"{name}: expected an array of shape ({wanted}), found shape {array.shape}"
        )
    if len(array) < least:
        raise InputError(f"{name}: expected at least {least} rows, found {len(array)}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise InputError(f"{name}: expected finite numbers, found NaN or infinity")
    return array


def require_labels(name, labels, count, classes):
    """Class numbers (count,), 0 to classes - 1, as an integer array; InputError otherwise."""
    array = as_array(name, labels)
    if array.shape != (count,) or array.dtype.kind not in "iu":
        raise InputError(
            f"{name}: expected {count} integers, one for each image, found {array.dtype} of shape "
            f"{array.shape}"
        )
    if not 0 <= array.min() <= array.max() < classes:
        raise InputError(
            f"{name}: expected numbers from 0 to {classes - 1}, found {array.min()} to "
            f"{array.max()}"
        )
    return array


def as_array(name, value):
    """The argument as an array of any shape and type; InputError where NumPy makes none of it."""
    try:
        return np.asarray(value)
    except (ValueError, TypeError, RuntimeError) as error:  # such as rows of different lengths
        sentence = " ".join(str(error).split())
        raise InputError(f"{name}: expected an array: {sentence}") from None


def _short(value):
    """A value in at most 60 characters, arrays by their type and shape."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} of shape {value.shape}"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:56]} ..."

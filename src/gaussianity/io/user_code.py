"""Import of the user's functions by their name `module:function`."""

import importlib
import os
import sys

from gaussianity.errors import InputError


def imported(name):
    """The function with the name `module:function`.

    Raises:  InputError - it cannot be imported, or is not callable.
    """
    if not isinstance(name, str):
        raise InputError(
            f"expected the name module:function as text, found a {type(name).__name__}"
        )
    module, _, attribute = name.partition(":")
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    try:
        function = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, RuntimeError, TypeError, ValueError) as error:
        raise InputError(f"{name}: expected an importable module:function: {error}") from None
    if not callable(function):
        raise InputError(f"{name}: expected a function, found a {type(function).__name__}")
    return function

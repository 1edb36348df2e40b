"""The exception for mistakes that a user can correct."""


class InputError(ValueError):
    """Its message says what was expected and found, in which file or key, and what to do."""

"""The exception for mistakes that a user can correct."""


class InputError(ValueError):
    """A user's mistake. The message says what was expected and found, where, and what to do."""

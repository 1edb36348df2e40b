"""The one exception for mistakes that a user can mend."""


class InputError(ValueError):
    """One sentence: what was expected, what was found, in which file or key, what to do."""

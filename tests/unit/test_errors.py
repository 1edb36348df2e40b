"""The prefix of a user's mistake."""

import pytest

from gaussianity.errors import InputError, prefixed


def test_a_mistake_gets_the_prefix_and_no_second_traceback():
    expected = pytest.raises(InputError, match=r"^config: part\.size must be 2$")
    with expected as raised, prefixed("config: part."):
        raise InputError("size must be 2")
    assert raised.value.__suppress_context__


def test_other_errors_and_results_pass_unchanged():
    with pytest.raises(ValueError, match=r"^fault$") as raised, prefixed("config: "):
        raise ValueError("fault")
    assert not isinstance(raised.value, InputError)
    with prefixed("config: "):
        found = 2
    assert found == 2

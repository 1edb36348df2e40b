"""What the tests of the pickle reader share."""

import pytest

from gaussianity.errors import InputError
from gaussianity.io.restricted_pickle import read_pickle


@pytest.fixture
def marker(tmp_path):
    """The file that a hostile pickle would make."""
    return tmp_path / "marker"


@pytest.fixture
def read(tmp_path):
    """What the reader makes of a program or of a whole pickle."""

    def read(program):
        path = tmp_path / "program.pkl"
        path.write_bytes(program if program.endswith(b".") else program + b".")
        return read_pickle(path)

    return read


@pytest.fixture
def refused(read, tmp_path, marker):
    """Assert that a program ends in one sentence that names the file, and that nothing ran."""

    def refused(program, message):
        with pytest.raises(InputError, match=message) as caught:
            read(program)
        sentence = str(caught.value)
        assert sentence.startswith(f"{tmp_path / 'program.pkl'}: expected a ")
        assert "\n" not in sentence
        assert not marker.exists()

    return refused

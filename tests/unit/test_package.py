"""The names that the package offers, its help, and the examples of docs/python.md."""

import pydoc
import re
from pathlib import Path

import pytest

import gaussianity

NAMES = [name for name in dir(gaussianity) if not name.startswith("_")]
EXAMPLES = Path(__file__).parents[2] / "docs" / "python.md"


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_that_of_an_object(name):
    assert getattr(gaussianity, name).__name__ == name


def test_no_name_is_that_of_a_folder_or_module():
    """Python puts an imported module in the place of a name that it shares."""
    homes = {home.split(".")[0] for home in gaussianity._HOMES.values()}
    assert not set(NAMES) & homes


def test_an_unknown_name():
    with pytest.raises(AttributeError, match="has no attribute 'weather'"):
        _ = gaussianity.weather


def test_help_names_everything_and_fits_a_few_screens():
    text = pydoc.plain(pydoc.render_doc(gaussianity))
    assert len(text.splitlines()) < 110
    assert set(NAMES) <= set(re.findall(r"\w+", gaussianity.__doc__))
    assert text.index("verdict(images, labels)") < text.index("sgd_classifiers")


def code_of(text):
    """The code of all Python blocks of a page, in order."""
    return re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_examples_in_the_documentation(tmp_path, monkeypatch, capsys):
    """Blocks share their variables, as the cells of a notebook do."""
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in code_of(EXAMPLES.read_text()):
        exec(compile(block, str(EXAMPLES), "exec"), names)
    printed = capsys.readouterr().out
    expected = re.findall(r"^#: (.*)$", EXAMPLES.read_text(), re.MULTILINE)
    assert len(expected) == 4
    for said in expected:
        assert said in " ".join(printed.split())
    assert {"verdict.png", "directions.png", "samples.png"} <= {p.name for p in tmp_path.iterdir()}

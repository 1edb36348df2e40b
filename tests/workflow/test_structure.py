"""The workflow's form: lint, declared sources, names, pins."""

import re
import subprocess
import sys

import pytest
import yaml

from configuration import source_files as source_files_module
from configuration.classifiers import UNCLASSIFIED
from configuration.schema import SCHEMA
from configuration.source_files import source_files
from configuration.sources import OWN
from configuration.study import Study
from gaussianity.data.datasets import AUTO, READERS
from project import ROOT, default_configuration

SCRIPTS = {path.stem: path for path in sorted((ROOT / "workflow/scripts").glob("*/*.py"))}


def rules():
    """The text of every rule by its name."""
    found = {}
    for path in (ROOT / "workflow/rules").rglob("*.smk"):
        blocks = re.split(r"^rule (\w+):", path.read_text(), flags=re.MULTILINE)[1:]
        found |= zip(blocks[::2], blocks[1::2], strict=True)
    return found


def test_lint_is_clean():
    command = [sys.executable, "-m", "snakemake", "--lint"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def loaded():
    """Files of the package that each script loads, by Python itself, down to imports of imports.

    One process for all, which forgets the package between scripts, and keeps torch.
    """
    program = (
        "import sys, importlib.util, pathlib\n"
        "sys.path[:0] = ['src', 'workflow', 'workflow/scripts']\n"
        f"for script, path in {[(name, str(path)) for name, path in SCRIPTS.items()]}:\n"
        "    for name in [m for m in sys.modules if m.split('.')[0] == 'gaussianity']:\n"
        "        del sys.modules[name]\n"
        "    spec = importlib.util.spec_from_file_location('s', path)\n"
        "    spec.loader.exec_module(importlib.util.module_from_spec(spec))\n"
        "    modules = [m for n, m in sys.modules.items() if n.startswith('gaussianity.')]\n"
        "    files = [pathlib.Path(m.__file__) for m in modules]\n"
        "    print(script, *(f.relative_to(pathlib.Path.cwd()) for f in files))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    return {script: set(files) for script, *files in lines}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_rule_declares_what_its_script_imports(loaded, script):
    assert loaded[script] <= set(source_files(script))


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A package of two rooms and a folder inside one, in a project of its own; `made(text)` writes
    a script and tells which files it uses."""
    for module in ("outer", "room/first", "room/second", "room/inner/third", "other/fourth"):
        path = tmp_path / f"src/gaussianity/{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        for folder in path.relative_to(tmp_path / "src").parents[:-1]:
            (tmp_path / "src" / folder / "__init__.py").touch()
    scripts = tmp_path / "workflow/scripts/topic"
    scripts.mkdir(parents=True)
    monkeypatch.setattr(source_files_module, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    caches = [getattr(source_files_module, name) for name in ("_scripts", "_imports", "_executed")]

    def used_by(text, **modules):
        (scripts / "script.py").write_text(text)
        for module, content in modules.items():
            (tmp_path / f"src/gaussianity/{module}.py").write_text(content)
        for cache in caches:
            cache.cache_clear()
        return [name.removeprefix("src/gaussianity/") for name in source_files("script")]

    yield used_by
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("from gaussianity import outer", ["outer.py"]),
        ("import gaussianity.outer", ["outer.py"]),
        ("from gaussianity.outer import name", ["outer.py"]),
        ("from gaussianity.room import first", ["room/__init__.py", "room/first.py"]),
        ("from gaussianity.room.first import name", ["room/__init__.py", "room/first.py"]),
        ("import gaussianity.room.first", ["room/__init__.py", "room/first.py"]),
        ("import gaussianity.room.first as f, ast", ["room/__init__.py", "room/first.py"]),
        ("from gaussianity.room import name", ["room/__init__.py"]),
        (
            "def main():\n    from gaussianity.room.inner import third",
            ["room/__init__.py", "room/inner/__init__.py", "room/inner/third.py"],
        ),
        ("import room.first\nfrom other import fourth", []),
    ],
)
def test_modules_in_rooms_are_found_with_every_init_that_python_executes(made, text, files):
    assert made(text) == files


def test_imports_of_an_init_count(made):
    used = made(
        "from gaussianity.room.first import name",
        **{"room/__init__": "from gaussianity.other.fourth import name"},
    )
    assert used == ["other/__init__.py", "other/fourth.py", "room/__init__.py", "room/first.py"]


def test_scripts_have_names_that_differ():
    """Rules and tests find them by these, whatever folder of workflow/scripts they are in."""
    assert len(list((ROOT / "workflow" / "scripts").rglob("*.py"))) == len(SCRIPTS) + 1


def test_every_rule_has_its_script_and_its_sources():
    found = rules()
    assert set(found) == set(SCRIPTS)
    for name, body in found.items():
        assert f'"../../scripts/{SCRIPTS[name].parent.name}/{name}.py"' in body
        if name != "configuration":
            assert f'source=source_files("{name}")' in body
        assert "log:" in body


def test_every_rule_asks_for_the_memory_that_its_study_takes():
    for name, body in rules().items():
        for asked in re.findall(r"mem_mb=(.*)", body):
            assert re.fullmatch(r'memory\("\w+"\),', asked), name


def test_every_figure_takes_its_files_and_resources_from_its_name():
    for name, body in rules().items():
        if name.endswith("_figure"):
            figure = name.removesuffix("_figure")
            assert f'**figure_files("{figure}"' in body
            assert f'**figure_resources("{figure}"' in body
            own = "{own}" if "own=True" in body else ""
            assert f'"logs/{{study}}/{own}{name}.log"' in body
            assert f'"benchmarks/{{study}}/{own}{name}.tsv"' in body


def test_every_figure_has_its_module_and_its_caption():
    for name, path in SCRIPTS.items():
        if name.endswith("_figure"):
            figure = name.removesuffix("_figure")
            module = ROOT / "src/gaussianity" / path.parent.name / "figures" / f"{figure}.py"
            assert module.is_file()
            assert (ROOT / "workflow/report" / path.parent.name / f"{figure}.rst").is_file()


def test_the_schema_is_closed_and_every_key_is_in_the_default_study():
    schema = yaml.safe_load(SCHEMA.read_text())
    config = default_configuration()

    def walk(part, given):
        optional = set()
        if part.get("type") == "array" and "properties" in part["items"]:
            part, given = part["items"], given[0]
            optional = {*OWN, *UNCLASSIFIED} & set(part["properties"])  # of sources
        if "properties" in part and given is not None:
            assert part["additionalProperties"] is False
            assert set(part["required"]) == set(given) - optional
            assert set(part["properties"]) - set(part["required"]) == optional
            for name in given:
                walk(part["properties"][name], given[name])

    walk(schema, config)


def test_conda_environment_pins_what_the_lock_file_pins():
    lock = set((ROOT / "requirements.lock").read_text().split())
    environment = yaml.safe_load((ROOT / "envs" / "gaussianity.yaml").read_text())
    pins = environment["dependencies"][-1]["pip"]
    assert len(pins) > 10
    assert set(pins) <= lock


def test_schema_names_every_reader_of_datasets():
    reader = yaml.safe_load(SCHEMA.read_text())["properties"]["dataset"]["properties"]["reader"]
    assert reader["enum"] == [AUTO, *READERS]


def test_the_ranked_mixture_is_the_largest_or_the_one_that_is_named():
    """The paper's study has that of the published command, which is not among its others."""
    config = default_configuration()
    assert Study(config).molrg.ranked_mixture == dict(dimension=6, samples=360)
    config["molrg"]["numerical_rank"]["mixture"] = dict(dimension=7, samples=350)
    found = Study(config).molrg
    assert [label["steps"] for label in found.ranked_denoisers] == [200, 600, 1800]
    assert {label["samples"] for label in found.ranked_denoisers} == {350}
    assert all(label["dimension"] < 7 for label in found.last_mixture_denoisers)

"""The workflow's form: lint, declared sources, names, pins."""

import re
import subprocess
import sys

import pytest
import yaml

from package import source_files
from project import ROOT, default_configuration
from schema import SCHEMA

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
    """Modules of the package that each script loads, by Python itself, down to imports of imports.

    One process for all, which forgets the package between scripts, and keeps torch.
    """
    program = (
        "import sys, importlib.util\n"
        f"for script, path in {[(name, str(path)) for name, path in SCRIPTS.items()]}:\n"
        "    for name in [m for m in sys.modules if m.split('.')[0] == 'gaussianity']:\n"
        "        del sys.modules[name]\n"
        "    spec = importlib.util.spec_from_file_location('s', path)\n"
        "    spec.loader.exec_module(importlib.util.module_from_spec(spec))\n"
        "    print(script, *sorted(m for m in sys.modules if m.startswith('gaussianity.')))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    return {
        script: {f"src/{name.replace('.', '/')}.py" for name in names} for script, *names in lines
    }


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_rule_declares_what_its_script_imports(loaded, script):
    packages = {"src/gaussianity/figures.py"}  # a package without code of its own
    assert loaded[script] - packages <= set(source_files(script))


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
            assert f'"logs/{{study}}/{name}.log"' in body
            assert f'"benchmarks/{{study}}/{name}.tsv"' in body


def test_every_figure_has_its_module_and_its_caption():
    for name, path in SCRIPTS.items():
        if name.endswith("_figure"):
            figure = name.removesuffix("_figure")
            assert (ROOT / "src/gaussianity/figures" / f"{figure}.py").is_file()
            assert (ROOT / "workflow/report" / path.parent.name / f"{figure}.rst").is_file()


def test_the_schema_is_closed_and_every_key_is_in_the_default_study():
    schema = yaml.safe_load(SCHEMA.read_text())
    config = default_configuration()

    def walk(part, given):
        if part.get("type") == "array" and "properties" in part["items"]:
            part, given = part["items"], given[0]
        if "properties" in part:
            assert part["additionalProperties"] is False
            assert set(part["properties"]) == set(part["required"]) == set(given)
            for name, inner in part["properties"].items():
                walk(inner, given[name])

    walk(schema, config)


def test_conda_environment_pins_what_the_lock_file_pins():
    lock = set((ROOT / "requirements.lock").read_text().split())
    environment = yaml.safe_load((ROOT / "envs" / "gaussianity.yaml").read_text())
    pins = environment["dependencies"][-1]["pip"]
    assert len(pins) > 10
    assert set(pins) <= lock

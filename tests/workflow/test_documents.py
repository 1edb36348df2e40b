"""What the documents name exists: links, files, targets, versions."""

import re
import subprocess

import pytest
import yaml

from configuration.pages import TITLES
from project import ROOT

DOCUMENTS = [
    path
    for pattern in ("*.md", "docs/*.md", "config/*.md", "results/*.md")
    for path in sorted(ROOT.glob(pattern))
]
# What starts a path of the checkout, and what a path may stand for.
PATH = re.compile(r"`((?:src|workflow|tests|docs|benchmarks|envs)/[^`\s:]*)`")
VARIABLE = re.compile(r"<\w+>|\bNAME\b|\*")


def names(document):
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_links_lead_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text()):
        if not target.startswith("https://"):
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=names)
def test_files_are_there(document):
    for path in PATH.findall(document.read_text()):
        if names(document) != "CHANGELOG.md" and not VARIABLE.search(path):
            benchmarks = path.startswith("benchmarks/") and not path.endswith(".py")  # of results
            assert benchmarks or (ROOT / path).exists(), path


def test_the_readme_is_short_and_leads_to_every_document():
    readme = (ROOT / "README.md").read_text()
    assert len(readme.splitlines()) <= 120
    for name in map(names, DOCUMENTS):
        assert f"]({name})" in readme or name == "README.md", name


def test_a_document_asks_one_question():
    for document in (ROOT / "docs").glob("*.md"):
        titles = re.findall(r"^# (.*)", document.read_text(), re.MULTILINE)
        titles = [title for title in titles if not title.startswith("my_")]  # comments of code
        assert len(titles) == 1, document
        assert titles[0].endswith("?"), document


def test_pages_have_the_titles_of_their_documents():
    text = (ROOT / "README.md").read_text() + (ROOT / "docs/papers.md").read_text()
    for title in TITLES.values():
        assert title in " ".join(text.split())


def test_make_lists_its_targets():
    """All that are not files or steps of others."""
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text()
    (targets,) = re.findall(r"^\.PHONY: (.*)", makefile, re.MULTILINE)
    found = re.findall(r"^make ([a-z-]+) +\S", listed, re.MULTILINE)
    assert sorted(found) == sorted(set(targets.split()) - {"study-file"})


def test_pre_commit_has_the_versions_of_the_lock_file():
    lock = (ROOT / "requirements.lock").read_text()
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert len(hooks) == 2
    for hook in hooks:
        name = hook["repo"].rsplit("/", 1)[1].removesuffix("-pre-commit")
        assert f"\n{name}=={hook['rev'].removeprefix('v')}\n" in lock

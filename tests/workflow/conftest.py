"""Fixtures of the workflow tests."""

import pytest

from configuration.pages import TITLES
from project import SMOKE, Project


@pytest.fixture
def project(tmp_path):
    """A fresh copy of the project without results."""
    return Project(tmp_path)


@pytest.fixture(scope="session")
def smoke(tmp_path_factory):
    """The smoke study, run once for all tests that look at its results."""
    project = Project(tmp_path_factory.mktemp("smoke"))
    project.output = project.succeed(*SMOKE)
    return project


@pytest.fixture(scope="session")
def papers(smoke, tmp_path_factory):
    """A copy of it with the papers' pages: 60 jobs more."""
    project = smoke.copied(tmp_path_factory.mktemp("papers") / "project")
    project.pages = [page for page in TITLES if page != "report"]
    project.output = project.succeed(*SMOKE, "--", *project.pages)
    return project

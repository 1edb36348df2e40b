"""Fixtures of the workflow tests."""

import pytest

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

"""The papers' pages: targets molrg and manifold of the smoke study, from start to page."""

import pytest
import yaml
from browser import CHROMIUM, findings

from configuration.pages import TITLES, headings
from configuration.study import Study
from project import SMOKE

PAGES = [page for page in TITLES if page != "report"]
pytestmark = pytest.mark.slow  # 60 jobs beside those of the study


@pytest.fixture(scope="module")
def results(papers):
    for page in PAGES:
        assert f"results/smoke/{page}.html" in papers.output
    return papers.folder / "results/smoke"


@pytest.fixture(scope="module")
def study(results):
    return Study(yaml.safe_load((results / "config.yaml").read_text()))


def test_second_run_has_nothing_to_do(papers):
    assert "Nothing to be done" in papers.succeed(*SMOKE, "--", *PAGES)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium or Chrome on the PATH")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_whole_in_a_browser(results, study, page):
    path = results / f"{page}.html"
    assert findings([path], [*headings(study, page), "Provenance"]) == {path: []}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_its_figures_and_its_jobs(results, study, page):
    text = (results / f"{page}.html").read_text()
    for name in study.figures_of(page):
        assert f'<article id="figure-{name.replace("_", "-")}">' in text
        assert f"<td>{name}_figure</td>" in text  # among the run times
        for suffix in ("pdf", "png", "csv"):
            assert (results / f"figures/{name}.{suffix}").stat().st_size > 100

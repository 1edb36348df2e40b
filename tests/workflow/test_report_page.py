"""The report's page of small made-up figures: as a browser shows it, and what the checks find."""

import pandas as pd
import pytest
from browser import CHROMIUM, findings
from small_report import GROUPS, report_sections, small_report
from test_plan import configuration

import report
from configuration.pages import TITLES, categories, headings, title
from configuration.study import Study
from gaussianity.errors import InputError
from gaussianity.report import page as report_page
from project import ROOT

SECTIONS = report_sections(["Verdict", *GROUPS])
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium or Chrome on the PATH")
WIDE = '<div style="width: 900px">wide</div>'


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    return small_report(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def page(inputs):
    report.main(**inputs)
    return inputs["report_path"]


# What is done to a page (a text in it, what stands there instead) and what is then found.
FIRST = '<img src="data:image/png;base64,'
BROKEN = {
    "image gone": (FIRST, '<img src="none/', "the image 'Excess with its intervals' is m"),
    "image broken": (FIRST, FIRST + "AAAA", "is missing"),
    "image hidden": ("<figure>", '<figure style="visibility: hidden">', "is not visible at 1280"),
    "image folded": ("<figure>", "<details><figure>", "is not visible at 400"),
    "image without words": ("<main>", '<main><img src="data:," alt="">', "has no words"),
    "target gone": ('id="spectra"', "", "the target of the link #spectra is missing"),
    "target twice": ("<main>", '<main><p id="spectra">', "the target spectra stands twice"),
    "file gone": ("accuracy.pdf", "none.pdf", "the file of the link figures/none.pdf is missing"),
    "link away": ("<main>", '<main><a href="https://example.org">x</a>', "leaves the study"),
    "console": ("<main>", "<main><script>console.error('broken')</script>", 'console: "broken"'),
    "exception": ("<main>", "<main><script>nothing()</script>", "console: "),
    "overflow": ("<main>", f"<main>{WIDE}", "pixels wider than 400"),
    "overflow hidden": ("<main>", f'<main style="overflow: clip">{WIDE}', "reaches beyond 400"),
    "order": ('<section id="spectra">', "<h2>Images</h2>", "the sections are ['For a linear cl"),
}


@pytest.fixture(scope="module")
def found(page):
    """Findings of the page and of all broken ones, beside it."""
    text, pages = page.read_text(), {}
    for name, (old, new, _) in BROKEN.items():
        assert old in text
        pages[name] = page.with_name(f"{name}.html")
        pages[name].write_text(text.replace(old, new, 1))
    seen = findings([page, *pages.values()], SECTIONS)
    return {None: seen[page], **{name: seen[file] for name, file in pages.items()}}


@in_browser
def test_the_page_is_whole_at_all_widths(found):
    assert found[None] == []


@in_browser
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found(found, name):
    assert [text for text in found[name] if BROKEN[name][2] in text]


def test_the_verdicts_table_is_there_once(page):
    text = page.read_text()
    verdict = text[text.index('id="verdict"') : text.index('id="classifiers"')]
    shown, folded = verdict.split("<details>")
    assert verdict.count("<img") == 1
    assert shown.count("<tr>") == 1 + 1  # the primary cell
    assert folded.count("<tr>") == 1 + 2
    assert "Table of verdict" not in verdict
    assert "verdict.csv" in folded  # the link to all columns
    assert "<small>too &lt;few&gt; images: 1.1 for each mixed image</small>" in folded
    assert "intervals of diffusion and data cover: draw of the images, training." in shown


def test_nothing_comes_from_elsewhere(page):
    text = page.read_text()
    assert "http" not in text.replace("http-equiv", "")
    assert "<script" not in text
    assert "@import" not in text


def test_captions_tables_and_provenance_are_there(page, inputs):
    text = page.read_text()
    assert "mean over 5 seeds" in text  # an expression of the caption on the configuration
    assert "{{" not in text
    assert "The first 50 of 60 rows" in text
    assert "a&lt;b" in text
    assert "<td>moments</td>" in text
    assert "<td>dataset</td>" not in text  # which has no benchmark
    assert "moments/data/3.npz" in text
    assert (inputs["config_path"]).read_text().splitlines()[0] in text
    assert f"snakemake --cores all --configfile {inputs['config_path']}</dd>" in text
    assert report.again("study/config.yaml", "molrg").endswith(" study/config.yaml -- molrg")


def test_a_page_without_a_verdict_begins_with_the_figures(inputs, tmp_path):
    report.main(
        **inputs | dict(groups=GROUPS, verdict_paths=[], report_path=tmp_path / "report.html")
    )
    text = (tmp_path / "report.html").read_text()
    assert "<h2>Verdict</h2>" not in text
    assert 'class="headline"' not in text
    assert "<h2>Words</h2>" not in text
    assert text.index("<h2>") == text.index("<h2>Classifiers</h2>")


def test_a_verdict_that_lacks_a_column_is_named(inputs, tmp_path):
    table, sentences = inputs["verdict_paths"]
    pd.read_csv(table).drop(columns="reason").to_csv(tmp_path / "verdict.csv", index=False)
    with pytest.raises(InputError, match=r"verdict\.csv: expected the columns subset, .*reason"):
        report.main(
            **inputs
            | dict(
                verdict_paths=[tmp_path / "verdict.csv", sentences],
                report_path=tmp_path / "report.html",
            )
        )
    assert not (tmp_path / "report.html").exists()


def test_figures_stand_under_headings_and_a_study_without_diffusion_has_fewer():
    config = configuration()
    both = Study(config)
    assert both.figures == [name for names in headings(both, "report").values() for name in names]
    assert len(set(both.figures)) == len(both.figures)
    data = Study(config | dict(sources=config["sources"][1:]))
    assert "Norms along the sampler" in set(headings(both, "report")) - set(
        headings(data, "report")
    )
    assert next(iter(headings(both, "report"))) == "Verdict"
    assert set(data.figures) < set(both.figures)


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["diffusion", "data"], TITLES["report"]),
        (["diffusion"], "How Gaussian are the images that this diffusion model generates?"),
        (["data"], "How Gaussian are these images?"),
    ],
)
def test_the_title_names_what_was_studied(sources, expected):
    config = configuration()
    chosen = [source for source in config["sources"] if source["name"] in sources]
    study = Study(config | dict(sources=chosen))
    assert title(study, "report") == expected
    assert title(study, "molrg") == TITLES["molrg"]


def test_snakemakes_own_report_numbers_the_headings_in_the_order_of_the_page():
    """Whichever figures a study draws; it sorts the headings as text."""
    study = Study(configuration())
    found = categories(study)
    assert found["verdict"] == "01 Verdict"
    assert found["configuration"] == "11 Configuration"
    assert sorted(found.values()) == list(found.values())
    for heading, names in headings(study, "report").items():
        assert {found[name][3:] for name in names} == {heading}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "workflow/report").rglob("*.rst")), ids=lambda p: p.stem
)
def test_captions_are_sound(path):
    """Markup that docutils understands, and bold words first, which the page gives to the blind."""
    known = dict(snakemake=dict(config=configuration(), params=dict(image_class="3")))
    shown = report_page.caption(path.read_text(), known)
    assert "problematic" not in shown
    assert "system-message" not in shown
    if path.stem not in ("config", "study", *TITLES):
        assert report_page.lead(shown)


@pytest.mark.parametrize(("covariance", "shrunk"), [("sample", False), ("ledoit_wolf", True)])
def test_the_caption_of_real_images_says_how_covariances_are_estimated(covariance, shrunk):
    text = (ROOT / "workflow/report/manifold/real_transition_times.rst").read_text()
    config = configuration(gaussian=dict(covariance=covariance))
    shown = report_page.caption(text, dict(snakemake=dict(config=config)))
    assert ("covariances, shrunk by Ledoit" in " ".join(shown.split())) == shrunk

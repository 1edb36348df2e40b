"""The first screen of the report: what it says, and that it fits."""

import re

import pytest
from browser import CHROMIUM, HEIGHT, findings, header_ends
from small_report import (
    GROUPS,
    QUESTION,
    WHOLE,
    cell,
    report_sections,
    said,
    save_sentences,
    small_report,
    write_verdict,
)

import report
from gaussianity.report.summary import WORDS
from project import ROOT, SMOKE

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium or Chrome on the PATH")
ANSWERS = dict(
    distribution=dict(text="No test of five finds a difference: p = 0.34.", link="#verdict"),
    denoiser=dict(text="It is linear to 2 % above sigma = 3.", link="config.yaml"),
)
SUBSETS = [f"subset{n}" for n in range(6)]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """made(count, answered): the page of a study of so many subsets, each of another outcome."""
    results = tmp_path_factory.mktemp("study")
    inputs = small_report(results)

    def made(count, answered=None):
        names = SUBSETS[:count]
        rows = [said(name, outcome) for name, outcome in zip(names, WORDS, strict=False)]
        cells = [cell(name, 256) for name in names]
        cells += [cell(name, size, primary=False) for name in names for size in (8, 16)]
        cells[0] |= dict(error_ratio=12.345, ratio_low=0.0, ratio_high=float("inf"))
        cells[1] |= dict(subset="aSubsetOfClassesWithALongName", loss="two_layer")
        cells[0] |= dict(verdict="a difference as large as the margin, and long words beside it")
        paths = write_verdict(results, cells, [WHOLE, *rows])
        page = results / f"{count}{'answered' if answered else ''}.html"
        texts = [*inputs["text_paths"], page.with_suffix(".rst")]
        page.with_suffix(".rst").write_text("What is compared.")
        report.main(
            **inputs
            | dict(verdict_paths=paths, report_path=page, answered=answered, text_paths=texts)
        )
        return page

    return made


@pytest.fixture(scope="module")
def pages(made):
    return [made(1), made(3), made(6), made(1, ANSWERS), made(3, ANSWERS), made(6, ANSWERS)]


@in_browser
def test_it_fits_on_a_screen(pages):
    ends = header_ends(pages, 1280)
    assert len(ends) == len(pages)
    assert max(ends) <= HEIGHT, ends


@in_browser
def test_no_column_of_the_table_is_clipped_even_unfolded(pages):
    unfolded = pages[2].with_name("unfolded.html")
    unfolded.write_text(pages[2].read_text().replace("<details>", "<details open>"))
    sections = report_sections(["Verdict", *GROUPS])
    assert findings([unfolded], sections) == {unfolded: []}


@in_browser
def test_a_clipped_column_is_found(pages):
    broken = pages[0].with_name("clipped.html")
    style = "<style>.cells td { max-width: 2rem; overflow: hidden; white-space: nowrap }</style>"
    broken.write_text(pages[0].read_text().replace("<main>", f"<main>{style}"))
    assert [text for text in findings([broken], [])[broken] if "is clipped at 1280" in text]


def test_headline_subsets_and_plots(pages):
    text = pages[1].read_text()
    screen = text[: text.index("</header>")]
    assert "the largest excess is &lt;−0.0093&gt;.</p>" in screen
    assert screen.count("<li data-outcome=") == screen.count('<svg class="interval"') == 3
    for outcome, word in list(WORDS.items())[:3]:
        assert re.search(rf'data-outcome="{outcome}">.*?class="outcome">{word}<', screen, re.DOTALL)
    assert (
        "<title>subset0: excess −0.0093, 90 % interval −0.0140 to −0.0043; margin ±0.02" in screen
    )
    assert len(set(re.findall(r'<rect class="band" x="([\d.]+)%"', screen))) == 1  # one axis


def test_questions_without_an_answer_leave_no_box(pages):
    plain, answered = pages[1].read_text(), pages[4].read_text()
    questions = r'<h2 class="question">(.*?)</h2>'
    assert re.findall(questions, plain) == [QUESTION]
    assert 'class="answers"' not in plain
    assert re.findall(questions, answered) == [
        QUESTION,
        "As a distribution?",
        "In the denoiser that made them?",
    ]
    assert '<a href="config.yaml">More</a>' in answered


def test_words_are_explained_with_those_of_the_glossary(pages):
    text = pages[0].read_text()
    assert '<dt id="word-mixed-images">mixed images</dt><dd>' in text
    for target in re.findall(r'href="#(word-[\w-]+)"', text):
        assert f'id="{target}"' in text


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("outcome", WORDS)
def test_outcomes_are_legible(theme, outcome):
    """Contrast of at least 4.5 between word and ground, and 3 between plot and band: WCAG 2.2."""
    css = (ROOT / "workflow/report/page.css").read_text()

    def luminance(name):
        colour = re.findall(rf"--{name}: #(\w+);", css)[theme]
        colour = "".join(2 * c for c in colour) if len(colour) == 3 else colour
        parts = [int(colour[k : k + 2], 16) / 255 for k in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one, other):
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    assert f'[data-outcome="{outcome}"]' in css
    assert contrast(outcome, f"{outcome}-ground") >= 4.5
    assert contrast(outcome, "ground") >= 4.5
    assert contrast(outcome, "band") >= 3


def test_the_last_lines_of_a_run_are_the_headline_and_where_the_report_is(project):
    results = project.folder / "results/smoke"
    results.mkdir(parents=True)
    (results / "report.html").write_text("")
    (results / "figures").mkdir()
    save_sentences(results, [WHOLE, said("pair", sentence="pair: Fine.")])
    printed = project.succeed(*SMOKE, "--", "results/smoke/config.yaml")
    last = printed[printed.index(WHOLE["sentence"][:40]) :]
    assert re.search(r"\n  pair  Fine\.\n\nReport:  results/smoke/report\.html .*\n", last)
    assert len(last.splitlines()) <= 11  # with the last two lines, which are Snakemake's
    (results / "figures/verdict_sentences.csv").unlink()
    (results / "config.yaml").unlink()
    assert "\n\nReport:  " in project.succeed(*SMOKE, "--", "results/smoke/config.yaml")

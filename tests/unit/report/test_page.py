"""Captions, figures and template of the report."""

import jinja2
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from gaussianity.drawing import style
from gaussianity.report.page import caption, figure, lead, link, records, render, sections


def test_a_caption_holds_the_configuration_and_no_html_of_it():
    config = dict(study="<b>x</b>", sources=[dict(name="a_"), dict(name="|b")])
    text = "**Of {{ snakemake.config['study'] }}**: {{ snakemake.config.sources[0].name }} ``code``"
    shown = caption(
        text + " {{ snakemake.config.sources[1].name }}", dict(snakemake=dict(config=config))
    )
    assert shown.startswith("<p><strong>Of &lt;b&gt;x&lt;/b&gt;</strong>: ")
    assert "code</span>" in shown
    assert "|b" in shown  # names that look like markup are shown as they are
    assert "system-message" not in shown


def test_a_caption_of_a_key_that_is_not_there():
    with pytest.raises(jinja2.UndefinedError, match="studi"):
        caption("{{ snakemake.config['studi'] }}", dict(snakemake=dict(config=dict(study="x"))))


def test_raw_html_and_files_do_not_enter(tmp_path):
    (tmp_path / "secret").write_text("secret words")
    text = f".. raw:: html\n\n   <script>1</script>\n\n.. include:: {tmp_path}/secret\n"
    shown = caption(text, {})
    assert "<script>" not in shown
    assert "secret words" not in shown


def test_headings_of_a_caption_are_below_those_of_the_page():
    found = caption("Text.\n\nA part\n------\n\nMore.\n\nAnother\n-------\n\nEnd.", {})
    assert "<h4>A part" in found


def test_the_lead_is_the_first_bold_text_as_words():
    assert (
        lead("<p><strong>X Xᵀ &lt; <em>y</em>\nz.</strong> a <strong>b</strong></p>")
        == "X Xᵀ < y z"
    )
    assert lead("<p>nothing bold</p>") == ""


def test_a_template_must_be_given_what_it_names():
    assert render("{{ a }}", a="<&>") == "&lt;&amp;&gt;"
    with pytest.raises(jinja2.UndefinedError, match="'b' is undefined"):
        render("{{ b }}", a=1)


def test_links_are_relative_and_quoted(tmp_path):
    assert link(tmp_path / "study/figures/a b.png", tmp_path / "study") == "figures/a%20b.png"
    assert link(tmp_path / "study/config.yaml", tmp_path / "out") == "../study/config.yaml"


@pytest.fixture
def png(tmp_path):
    files = {kind: tmp_path / f"norm_x.{kind}" for kind in ("pdf", "png", "csv")}
    drawn, axes = plt.subplots(figsize=(2, 2))
    axes.plot(np.arange(3))
    style.save(drawn, pd.DataFrame(dict(x=[1.5])), **files)
    return files["png"]


def test_a_figure_holds_its_png_and_links_its_files(png, tmp_path):
    found = figure(png, "**Lead.** Text", {}, tmp_path)
    assert (found["id"], found["title"], found["alt"]) == ("figure-norm-x", "Norm x", "Lead")
    assert found["links"] == dict(png="norm_x.png", pdf="norm_x.pdf", csv="norm_x.csv")
    assert found["image"].startswith("data:image/png;base64,iVBORw0KGgo")
    assert found["table"]["rows"] == [["1.5"]]
    assert figure(png, "No lead.", {}, tmp_path)["alt"] == "Norm x"


def test_sections_keep_the_order_of_their_headings(png, tmp_path):
    found = sections({"B b": [png], "A": []}, {"norm_x.rst": "text"}, {}, tmp_path)
    assert [(section["id"], len(section["figures"])) for section in found] == [("b-b", 1), ("a", 0)]


def test_run_times_are_added_up():
    runs = [
        dict(rule="a", jobs=2, seconds=3600.04, longest=3000.0, memory=99.6),
        dict(rule="b", jobs=1, seconds=61.0, longest=61.0, memory=np.nan),
    ]
    times, *others = records(runs, [("Python", "3")], [("a.csv", "0f")], [("b.npz", "1e")])
    assert times["note"].startswith("All jobs one after another: 1:01:01 ")
    assert times["table"]["rows"] == [
        ["a", "2", "3600.0", "3000.0", "100"],
        ["b", "1", "61.0", "61.0", "–"],
    ]
    assert [part["table"]["rows"] for part in others] == [
        [["Python", "3"]],
        [["a.csv", "0f"]],
        [["b.npz", "1e"]],
    ]

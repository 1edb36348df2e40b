"""The content of a report page for its template: captions, figures, tables."""

import base64
import html
import math
import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import jinja2
from docutils.core import publish_parts
from markupsafe import Markup

from gaussianity.report.tables import EMPTY, csv_table, table

DOCUTILS = dict(
    _disable_config=True,  # a docutils.conf of the user has no effect
    doctitle_xform=False,
    file_insertion_enabled=False,
    initial_header_level=4,
    math_output="MathML",
    raw_enabled=False,
    report_level=5,  # a name that looks like markup is shown as it is
    stylesheet_path=None,
)


def render(template, **content):
    """HTML text of a Jinja2 template. A name without content is an error."""
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(template).render(content)


def caption(text, known):
    """HTML of a caption in reStructuredText with Jinja2 expressions.

    Args:    known - dict of the names that the expressions may use.

    >>> caption("A *study* of {{ name }}.", {"name": "digits"}).strip()
    Markup('<p>A <em>study</em> of digits.</p>')
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    source = environment.from_string(text).render(known)
    parts = publish_parts(source, writer="html5", settings_overrides=DOCUTILS)
    return Markup(parts["fragment"])


def lead(markup):
    """Text of the first bold words of a caption; empty where there are none."""
    found = re.search(r"<strong>(.*?)</strong>", markup, re.DOTALL)
    text = re.sub(r"<[^>]*>", "", found[1]) if found else ""
    return html.unescape(" ".join(text.split())).removesuffix(".")


def sections(headings, texts, known, folder):
    """Content of groups of figures.

    Args:    headings - dict of a heading to the .png of its figures; texts - dict that contains the
             caption of a figure `name` as `name.rst`; known - see `caption`; folder - the page's.
    """
    return [
        dict(
            id=_id(heading),
            title=heading,
            figures=[figure(png, texts[f"{Path(png).stem}.rst"], known, folder) for png in pngs],
        )
        for heading, pngs in headings.items()
    ]


def figure(png, text, known, folder):
    """Content of one figure.

    Args:    png - of the figure, beside its .pdf and .csv; text, known - see `caption`; folder -
             the page's, to which links are relative.
    """
    png = Path(png)
    shown = caption(text, known)
    title, name = png.stem.replace("_", " ").capitalize(), png.stem
    *_, sources, source, _ = ("", "", *png.parent.parts)
    if sources == "sources":  # a figure of one source, in its folder
        title, name = f"{title} of {source}", f"{source}-{name}"
    return dict(
        id=f"figure-{_id(name)}",
        title=title,
        alt=lead(shown) or title,
        image=f"data:image/png;base64,{base64.b64encode(png.read_bytes()).decode()}",
        caption=shown,
        links={kind: link(png.with_suffix(f".{kind}"), folder) for kind in ("png", "pdf", "csv")},
        table=csv_table(png.with_suffix(".csv")),
    )


def link(path, folder):
    """Link to a file, relative to the page's folder."""
    return quote(Path(os.path.relpath(path, folder)).as_posix())


def records(runtimes, versions, tables, sealed):
    """Tables of run times, versions and checksums.

    Args:    runtimes, versions, sealed - see `provenance`; tables - (name, checksum) of the
             figures' tables.
    """
    return [
        _runtimes(runtimes),
        dict(
            title="Versions",
            note="Versions in the environment that made this page.",
            table=table(("Package", "Version"), versions),
        ),
        dict(
            title="Checksums of the figures’ tables",
            note="XXH3 checksum (128 bits) of each file.",
            table=table(("File", "XXH3"), tables),
        ),
        dict(
            title="Seals of all other files",
            note="XXH3 checksum (128 bits) in each file. Every job checked the files that it read.",
            table=table(("File", "XXH3"), sealed),
        ),
    ]


def _runtimes(runtimes):
    rows = [
        [row["rule"], row["jobs"], f"{row['seconds']:.1f}", f"{row['longest']:.1f}", _whole(row)]
        for row in runtimes
    ]
    together = timedelta(seconds=round(sum(row["seconds"] for row in runtimes)))
    columns = ("Rule", "Jobs", "Seconds of all", "Seconds of the longest", "Peak memory, MB")
    return dict(
        title="Run times of the rules",
        note=f"All jobs one after another: {together} (hours:minutes:seconds).",
        table=table(columns, rows),
    )


def _whole(row):
    return EMPTY if math.isnan(row["memory"]) else f"{row['memory']:.0f}"


def _id(name):
    """A name as the target of a link."""
    return "-".join(name.lower().replace("_", " ").split())

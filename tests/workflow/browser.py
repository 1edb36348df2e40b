"""Pages as a browser shows them: headless Chromium, without anything to drive it.

A probe is written into a copy of each page, the copies are shown in frames of three widths, and
what the probes see is read from what Chromium prints.
"""

import html
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

WIDTHS = (1280, 800, 400)
HEIGHT = 800
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--enable-logging=stderr")
FLAGS += ("--disable-background-networking", "--disable-sync", "--disable-component-update")
FLAGS += ("--virtual-time-budget=10000", "--dump-dom", "--allow-file-access-from-files")

# Elements in a box that scrolls by itself may be wider than the page.
PROBE = """<script>
addEventListener("load", () => {
  const root = document.documentElement, wide = root.clientWidth + 0.5;
  const seen = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && element.getBoundingClientRect().width > 0 && element.getBoundingClientRect().height > 0;
  const scrolls = element => element && (element.scrollWidth > element.clientWidth
    && /auto|scroll/.test(getComputedStyle(element).overflowX) && element !== root
    || scrolls(element.parentElement));
  const name = element => element.localName + (element.id && "#" + element.id);
  parent.postMessage(JSON.stringify({
    page: PAGE, width: innerWidth,
    images: [...document.images].map(image =>
      ({alt: image.alt, natural: image.naturalWidth, seen: seen(image)})),
    links: [...document.querySelectorAll("a[href], link[href]")].map(a => a.getAttribute("href")),
    targets: [...document.querySelectorAll("[id]")].map(element => element.id),
    sections: [...document.querySelectorAll("h2")].filter(seen).map(h => h.innerText),
    outside: [...document.body.querySelectorAll("*")].filter(element => seen(element)
      && element.getBoundingClientRect().right > wide && !scrolls(element.parentElement)).map(name),
    clipped: [...document.querySelectorAll(".cells td, .cells th, .cells span")].filter(element =>
      seen(element) && element.scrollWidth > element.clientWidth + 1
      && getComputedStyle(element).display !== "inline").map(element => element.innerText),
    header: document.querySelector("header").getBoundingClientRect().bottom,
    overflow: root.scrollWidth - root.clientWidth,
  }), "*");
});
</script>"""
HOST = """<!DOCTYPE html><title>host</title><pre id="seen"></pre><script>
addEventListener("message", event => document.getElementById("seen").append(event.data + "\\n"));
</script>"""


def findings(pages, sections):
    """What is wrong with pages, by page; nothing where all is well.

    Args:    pages - files, whose relative links are looked up beside them; sections - titles of
             the sections that each page must have, in their order.
    Returns: dict of page to a list of sentences.
    """
    with tempfile.TemporaryDirectory() as folder:
        seen, console = _shown([Path(page) for page in pages], Path(folder))
    found = {}
    for number, page in enumerate(pages):
        mine = [look for look in seen if look["page"] == number]
        assert {look["width"] for look in mine} == set(WIDTHS), f"{page} was not shown: {console}"
        said = [line for line in console if f"/{number}.html" in line or "/page-" not in line]
        sentences = [text for look in mine for text in _wrong(look, Path(page), sections)]
        found[page] = list(dict.fromkeys([*sentences, *(f"console: {line}" for line in said)]))
    return found


def header_ends(pages, width):
    """Where the first screen of each page ends, pixels from the top, at one of WIDTHS."""
    with tempfile.TemporaryDirectory() as folder:
        seen, _ = _shown([Path(page) for page in pages], Path(folder))
    return [
        look["header"]
        for n in range(len(pages))
        for look in seen
        if (look["page"], look["width"]) == (n, width)
    ]


def _shown(pages, folder):
    """What the probes saw of pages, and the lines of the browser's console."""
    frames = []
    for number, page in enumerate(pages):
        probe = PROBE.replace("PAGE", str(number))
        copy = folder / "page-" / f"{number}.html"
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(page.read_text().replace("<head>", f"<head>{probe}", 1))
        frames += [
            f'<iframe src="page-/{number}.html" width="{width}" height="{HEIGHT}"></iframe>'
            for width in WIDTHS
        ]
    host = folder / "host.html"
    host.write_text(HOST + "<style>iframe { border: 0 }</style>" + "".join(frames))
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", host.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    text = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.DOTALL)
    assert text, f"{CHROMIUM} showed nothing: {done.stderr[-3000:]}"
    seen = [json.loads(line) for line in html.unescape(text[1]).splitlines()]
    return seen, re.findall(r"CONSOLE[:(]\d+\)?\] (.*)", done.stderr)


def _wrong(look, page, sections):
    """Sentences on what one probe saw."""
    width = look["width"]
    for image in look["images"]:
        if not image["natural"]:
            yield f"the image {image['alt']!r} is missing"
        if not image["seen"]:
            yield f"the image {image['alt']!r} is not visible at {width}"
        if not image["alt"]:
            yield "an image has no words for who does not see it"
    for link in look["links"]:
        yield from _dead(link, page, look["targets"])
    for target in sorted({t for t in look["targets"] if look["targets"].count(t) > 1}):
        yield f"the target {target} stands twice"
    if look["sections"] != sections:
        yield f"the sections are {look['sections']} at {width}"
    if look["overflow"] > 0:
        yield f"the page is {look['overflow']} pixels wider than {width}"
    for text in look["clipped"]:
        yield f"the cell {text!r} is clipped at {width}"
    for element in look["outside"]:
        yield f"{element} reaches beyond {width}"


def _dead(link, page, targets):
    """A sentence where a link leads nowhere."""
    parts = urlsplit(link)
    if parts.scheme == "data":
        return
    if parts.scheme or parts.netloc:
        yield f"the link {link} leaves the study"
    elif parts.path and not (page.parent / unquote(parts.path)).is_file():
        yield f"the file of the link {link} is missing"
    elif not parts.path and unquote(parts.fragment) not in targets:
        yield f"the target of the link {link} is missing"

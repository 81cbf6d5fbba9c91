"""The rules for every HTML answer of the portal; the shared client applies them to each.

Each function yields the faults that it finds, in words. tests/contracts/test_checks.py shows for
each of them a page on which it does find one.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib

from portal.config import ROOT
from tests import markup

PORTAL = " – Kernwijzer"
# The values of hidden fields, which are new in every answer.
_TOKENS = re.compile(r'(type="hidden"[^>]*? value=")[\w.-]+')
NO_LABEL_NEEDED = {"hidden", "submit", "button"}


_RULES = hashlib.sha256(
    Path(__file__).read_bytes() + Path(markup.__file__).read_bytes() + html5lib.__version__.encode()
).hexdigest()
# A line for each page without faults, by these rules: the hash of what was checked.
_SOUND = ROOT / ".pytest_cache" / "sound_pages" / _RULES[:16]
_MOST = 10_000_000  # bytes, after which it begins anew


@cache
def _sound() -> set[str]:
    """The pages that were checked before, in this run or an earlier one."""
    if _SOUND.exists() and _SOUND.stat().st_size < _MOST:
        return set(_SOUND.read_text("ascii").split())
    _SOUND.parent.mkdir(parents=True, exist_ok=True)
    for old in _SOUND.parent.iterdir():
        old.unlink(missing_ok=True)
    return set()


def faults(html: str, status: int = 200, fragment: bool = False) -> list[str]:
    """The faults of a page or a fragment, in words. A page that differs only in its tokens from
    one that was found without faults is not read again."""
    checked = f"{status} {fragment} " + _TOKENS.sub(r"\1", html)
    key = hashlib.sha256(checked.encode(errors="surrogatepass")).hexdigest()[:32]
    if key in _sound():
        return []
    found = list(_faults(html, status, fragment))
    if not found:
        _sound().add(key)
        with _SOUND.open("a", encoding="ascii") as file:
            file.write(f"{key}\n")
    return found


def _faults(html: str, status: int, fragment: bool) -> Iterator[str]:
    if fragment:
        html = as_page(html)
    document, errors = _read(html)
    yield from errors
    yield from _ids(document)
    yield from _labels(document)
    yield from _forms(document)
    yield from _links(document)
    yield from _landmarks(document)
    if not fragment:
        yield from _page(document, status)
        yield from _htmx(document)


@lru_cache(maxsize=16)  # a test often looks into the page that was just checked
def _read(html: str) -> tuple[Element, list[str]]:
    try:
        return markup.read(html), []
    except markup.NotStrict:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        document: Element = parser.parse(html)
        return document, [f"html: {code} {data}" for _, code, data in parser.errors]


def parse(html: str) -> Element:
    """The page as a tree of elements, which several tests may share: to read only."""
    return _read(html)[0]


def as_page(part: str) -> str:
    """A page around a fragment, or around a part of a page that is read in a fraction of its time."""
    return f'<!doctype html><html lang="nl"><head><title>f</title></head><body><main>{part}</main></body></html>'


def texts(html: str, class_name: str) -> list[str]:
    """The text of each element of a class, in the order of the page."""
    return [text(e) for e in parse(html).iter() if class_name in (e.get("class") or "").split()]


def extract(pattern: str, said: str) -> str:
    """The first group of `pattern` in a page or mail, which has to contain it; ^ and $ stand for
    the ends of a line."""
    match = re.search(pattern, said, re.MULTILINE)
    assert match, f"{pattern} is not in {said!r}"
    return match[1]


def text(element: Element) -> str:
    """The text of an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _page(document: Element, status: int) -> Iterator[str]:
    if document.get("lang") != "nl":
        yield "page: lang is not nl"
    headings = [text(h) for h in document.iter("h1")]
    if len(headings) != 1:
        yield f"page: {len(headings)} h1"
        return
    title = text(next(document.iter("title")))
    wrong = status == 422
    if wrong != title.startswith("Fout: "):
        yield "title: Fout: and status 422 go together"
    if title.removeprefix("Fout: ") != headings[0] + PORTAL:
        yield f"title: {title!r} is not the h1 {headings[0]!r}"
    levels = [int(e.tag[1]) for e in document.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"headings: h{after} after h{before}"
    for tag in ("main", "header", "footer"):
        if sum(1 for _ in document.iter(tag)) != 1:
            yield f"page: not one {tag}"
    if any(not nav.get("aria-label") for nav in document.iter("nav")):
        yield "page: nav without a name"
    summaries = [e for e in document.iter() if "errors" in (e.get("class") or "").split()]
    if wrong != bool(summaries):
        yield "errors: a summary and status 422 go together"
    for summary in summaries:
        yield from _summary(document, summary)


def _htmx(document: Element) -> Iterator[str]:
    asks = any(name.startswith("hx-") for e in document.iter() for name in e.attrib)
    if asks and not any("htmx" in (e.get("src") or "") for e in document.iter("script")):
        yield "htmx: elements ask for it, and the page does not carry it"


def _summary(document: Element, summary: Element) -> Iterator[str]:
    if summary.get("tabindex") != "-1" or summary.get("autofocus") is None:
        yield "errors: the summary does not take the focus"
    if [text(h) for h in summary.iter("h2")] != ["Er is iets niet goed ingevuld"]:
        yield "errors: the summary has no heading"
    fields = {e.get("id"): e for e in document.iter() if e.get("id")}
    links = list(summary.iter("a"))
    if not links:
        yield "errors: the summary is empty"
    for link in links:
        field = fields.get((link.get("href") or "").removeprefix("#"))
        if field is None or field.get("aria-invalid") != "true":
            yield f"errors: {text(link)!r} leads to no invalid field"
            continue
        beside = [fields.get(name) for name in (field.get("aria-describedby") or "").split()]
        if text(link) not in [text(element) for element in beside if element is not None]:
            yield f"errors: {text(link)!r} does not stand beside its field"
        if not text(link).endswith("."):
            yield f"errors: {text(link)!r} is no sentence"


def _ids(document: Element) -> Iterator[str]:
    counts = Counter(e.get("id") for e in document.iter() if e.get("id"))
    yield from (f"ids: {name} twice" for name, number in counts.items() if number > 1)
    for element in document.iter():
        for name in (element.get("aria-describedby") or "").split():
            if name not in counts:
                yield f"ids: {name} is described by nothing"


def _labels(document: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in document.iter("label") if text(label)}
    for tag in ("input", "select", "textarea"):
        for field in document.iter(tag):
            if field.get("type") in NO_LABEL_NEEDED:
                continue
            if field.get("id") not in labelled and not field.get("aria-label"):
                yield f"labels: {tag} {field.get('name')} has no label"
            if field.get("placeholder"):
                yield f"labels: {field.get('name')} has a placeholder"


def _forms(document: Element) -> Iterator[str]:
    for form in document.iter("form"):
        if form.get("novalidate") is None:
            yield "forms: the browser validates"
        if not form.get("action"):
            yield "forms: no action"
        names = {field.get("name") for field in form.iter("input")}
        if (form.get("method") or "get").lower() == "post" and "csrf_token" not in names:
            yield "forms: no csrf_token"
        # The buttons of this one stand in the rows below it (components/contacts.html).
        has_others = form.get("id") == "klopt"
        if not has_others and not [b for b in form.iter("button") if b.get("type") == "submit"]:
            yield "forms: no button"
        if any(b.get("disabled") is not None for b in form.iter("button")):
            yield "forms: a disabled button"


def _links(document: Element) -> Iterator[str]:
    for link in document.iter("a"):
        name = link.get("aria-label") or text(link)
        href = link.get("href")
        if not name or not href or href == "#":
            yield f"links: {name!r} to {href!r}"
        if link.get("aria-label") and text(link) not in (link.get("aria-label") or ""):
            yield f"links: what {name!r} says is not what one sees"
    for button in document.iter("button"):
        if not text(button):
            yield "links: a button without a name"


def _landmarks(document: Element) -> Iterator[str]:
    names = {e.get("id"): text(e) for e in document.iter() if e.get("id")}
    counts = Counter(
        (tag, e.get("aria-label") or names.get(e.get("aria-labelledby")))
        for tag in ("form", "nav", "section")
        for e in document.iter(tag)
    )
    for (tag, name), number in counts.items():
        if name and number > 1:
            yield f"landmarks: {number} × {tag} called {name!r}"

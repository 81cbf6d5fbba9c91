"""The tree of a page that is written strictly, in a fraction of the time of html5lib.

`read` takes a page in which HTML has nothing to repair or to add: each element is closed where it
was opened, stands where it may, and has its attributes between quotes. Such a page has the tree
that it shows, and html5lib finds no fault in it. Of any other page it says nothing, right or wrong,
so that html5lib has to be asked (tests/checks.py).
"""

import re
from functools import lru_cache
from html import unescape
from html.entities import html5
from xml.etree.ElementTree import Element, TreeBuilder

_START = re.compile(r"<!doctype html>\s*", re.IGNORECASE)
_TAG = re.compile(
    r"""<(/?)([a-z][a-z0-9]*)((?:\s+(?:[a-z][a-z0-9-]*|viewBox)(?:="[^"]*"|='[^']*')?)*)"""
    r"""\s*(/?)>([^<]*)"""
)
_ATTRIBUTE = re.compile(r"""\s+([\w-]+)(?:="([^"]*)"|='([^']*)')?""")
# Characters that a page may not hold or that are replaced, and references without a known name.
_STRANGE = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff]"
    r"|&(?!#3[49];|[A-Za-z]+[0-9]*;)"
)
_NAME = re.compile(r"&([A-Za-z]+[0-9]*;)")

_VOID = {"br", "col", "hr", "img", "input", "link", "meta"}
_DRAWN = {"svg", "path", "circle", "polyline", "text"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | {  # each ends a paragraph
    "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "footer", "form",
    "header", "hr", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
}  # fmt: skip
_FLOW = _BLOCKS | {
    "a", "abbr", "b", "br", "button", "code", "datalist", "em", "i", "img", "input", "label",
    "legend", "mark", "script", "select", "small", "span", "strong", "svg", "textarea",
}  # fmt: skip
_ROW = {"tr"}
# The elements in which few others may stand; all others take _FLOW.
_INSIDE: dict[str, set[str]] = {
    "": {"html"}, "html": {"head", "body"}, "head": {"meta", "title", "link", "script"},
    "ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "optgroup": {"option"},
    "select": {"option", "optgroup"}, "datalist": {"option"}, "tr": {"td", "th"},
    "table": {"caption", "thead", "tbody", "tfoot"}, "thead": _ROW, "tbody": _ROW, "tfoot": _ROW,
    "svg": _DRAWN - {"svg"}, **{name: set() for name in _DRAWN - {"svg"}},
    **{name: set() for name in ("option", "title", "textarea", "script")},
}  # fmt: skip
_WITHOUT_TEXT = {
    "", "html", "head", "ul", "ol", "dl", "select", "datalist", "optgroup", "table", "thead",
    "tbody", "tfoot", "tr", "script", "svg",
}  # fmt: skip


class NotStrict(Exception):
    """The page has to be read by all the rules of HTML."""


def read(html: str) -> Element:
    """The tree of a page: to read only, because elements share their attributes. Raises
    NotStrict."""
    html = html.replace("\r\n", "\n")  # which WTForms writes in each text area
    start = _START.match(html)
    if not start or _STRANGE.search(html) or not html5.keys() >= set(_NAME.findall(html)):
        raise NotStrict
    builder, opened, at = TreeBuilder(), [""], start.end()
    while match := _TAG.match(html, at):
        closes, tag, written, slash, text = match.groups()
        at = match.end()
        name = f"{{http://www.w3.org/2000/svg}}{tag}" if tag in _DRAWN else tag
        if closes:
            if tag != opened.pop() or written or slash:
                raise NotStrict(match[0])
            builder.end(name)
        else:
            if not _may_stand(tag, opened):
                raise NotStrict(match[0])
            builder.start(name, read_attributes(written))
            if tag in _VOID or (slash and tag in _DRAWN):
                builder.end(name)
            elif slash:
                raise NotStrict(match[0])
            else:
                opened.append(tag)
                if tag in ("pre", "textarea"):
                    text = text.removeprefix("\n")
        if opened[-1] in _WITHOUT_TEXT and text.strip():
            raise NotStrict(match[0])
        if opened[-1]:
            builder.data(unescape(text) if "&" in text else text)
        elif at == len(html):
            return _whole(builder.close())
    raise NotStrict(html[at : at + 40])


def _may_stand(tag: str, opened: list[str]) -> bool:
    parent = opened[-1]
    if parent == "div" and tag in ("dt", "dd"):
        return opened[-2] == "dl"
    if tag not in _INSIDE.get(parent, _FLOW) or (parent in _HEADINGS and tag in _HEADINGS):
        return False
    if tag in _BLOCKS:
        return "p" not in opened and not (tag == "form" and "form" in opened)
    return tag not in ("a", "button") or tag not in opened


@lru_cache(maxsize=4096)
def read_attributes(written: str) -> dict[str, str]:
    """The attributes of a tag: to read only. Raises NotStrict where one stands there twice."""
    pairs = _ATTRIBUTE.findall(written)
    found = {name: unescape(one or other) for name, one, other in pairs}
    if len(found) < len(pairs):
        raise NotStrict(written)
    return found


def _whole(page: Element) -> Element:
    if [child.tag for child in page] != ["head", "body"]:
        raise NotStrict
    return page

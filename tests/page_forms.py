"""The forms of a page as a browser would send them untouched; quicker than a whole parser."""

import re
from html import unescape
from typing import NamedTuple

from tests.markup import read_attributes

_FORM = re.compile(r"<form(.*?>).*?</form>", re.DOTALL)  # the rest of a page is most of the work
_TAG = re.compile(r"""<(/?[a-z]+)((?:\s[^>"']*(?:"[^"]*"|'[^']*'))*[^>"']*)>""")
_READ = {"form", "select", "/select", "option", "textarea", "input", "button"}


class PageForm(NamedTuple):
    """A form: where it goes, what it holds, and what may be chosen in it."""

    action: str
    method: str
    fields: dict[str, str]
    choices: dict[str, list[str]]
    types: dict[str, str]  # "hidden", "tel", "textarea", "select", …


def read_forms(html: str, method: str = "") -> list[PageForm]:
    """The forms of a page, in its order; with `method` ("get", "post") those that are sent so."""
    forms = _FORM.finditer(html)
    return [_read(form[0]) for form in forms if not method or f'method="{method}"' in form[1]]


def _read(html: str) -> PageForm:
    select = ""
    for found in _TAG.finditer(html):
        if (tag := found[1]) not in _READ:
            continue
        values = read_attributes(found[2])
        name, value = values.get("name", ""), values.get("value", "")
        if tag == "form":
            form = PageForm(values["action"], values.get("method", "get"), {}, {}, {})
        elif tag == "option":
            if select:
                form.choices.setdefault(select, []).append(value)
                if "selected" in values:
                    form.fields[select] = value
        elif tag == "textarea":
            form.types[name] = tag
            form.fields[name] = unescape(html[found.end() : html.index("</textarea", found.end())])
        elif tag in ("input", "button"):
            _add(form, tag, name, value, values)
        else:
            select = name  # "" where one is closed
            if select:
                form.types[select], form.fields[select] = tag, ""
    return form


def _add(form: PageForm, tag: str, name: str, value: str, values: dict[str, str]) -> None:
    """Add an input or a button."""
    kind = values.get("type", "text")
    if tag == "input":
        form.types[name] = kind
    is_choice = kind in ("radio", "checkbox")
    if name and is_choice:
        form.choices.setdefault(name, []).append(value)
    if name and (not is_choice or "checked" in values):
        form.fields[name] = value

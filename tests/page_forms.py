"""The forms of a page as a browser would send them untouched; quicker than a whole parser."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

Attributes = list[tuple[str, str | None]]
_FORM = re.compile(r"<form(.*?>).*?</form>", re.DOTALL)  # the rest of a page is most of the work


class PageForm(NamedTuple):
    """A form: where it goes, what it holds, and what may be chosen in it."""

    action: str
    method: str
    fields: dict[str, str]
    choices: dict[str, list[str]]
    types: dict[str, str]  # "hidden", "tel", "textarea", "select", …


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attributes: Attributes) -> None:
        values = {name: value or "" for name, value in attributes}
        name, value = values.get("name", ""), values.get("value", "")
        if tag == "form":
            self.forms.append(PageForm(values["action"], values.get("method", "get"), {}, {}, {}))
        if not self.forms:
            return
        form = self.forms[-1]
        if tag in ("select", "textarea", "input"):
            form.types[name] = values.get("type", "text") if tag == "input" else tag
        if tag == "select":
            self.select = name
            form.fields[name] = ""
        elif tag == "option" and self.select:
            form.choices.setdefault(self.select, []).append(value)
            if "selected" in values:
                form.fields[self.select] = value
        elif tag == "textarea":
            self.area = name
            form.fields[name] = ""
        elif tag in ("input", "button") and name:
            if values.get("type") in ("radio", "checkbox"):
                form.choices.setdefault(name, []).append(value)
            if values.get("type") not in ("radio", "checkbox") or "checked" in values:
                form.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1].fields[self.area] += data


def read_forms(html: str, method: str = "") -> list[PageForm]:
    """The forms of a page, in its order; with `method` ("get", "post") those that are sent so."""
    reader = _Reader()
    for form in _FORM.finditer(html):
        if not method or f'method="{method}"' in form[1]:
            reader.feed(form[0])
    return reader.forms

"""The patterns that no template may hold, each with its reason; `faults` finds them."""

import re

FORBIDDEN = [
    (r"<script(?![^>]*\bsrc=)", "a script in the page"),
    (r"<style", "a style in the page"),
    (r"\sstyle\s*=", "a style on an element"),
    (r"\son[a-z]+\s*=", "an event handler on an element"),
    (r"\bhx-on", "hx-on needs eval"),
    (r"\bhx-boost", "hx-boost loses the focus"),
    (r"\bhx-vals\s*=\s*[\"']?js:", "js: values need eval"),
    (r"\bhx-trigger=\"[^\"]*\[", "a filter in hx-trigger needs eval"),
    (r"\|\s*safe\b", "unescaped text"),
    (r"autoescape", "unescaped text"),
    (r"javascript:", "a link that runs a script"),
    (r"role=\"(combobox|listbox)\"|aria-activedescendant", "a list of links is enough"),
    (r"href=\"#\"", "a link to nowhere"),
    (r"https?://[^\s\"]+\.(js|css|woff2?)", "a file from somebody else"),
    (r"\bplaceholder=", "a label that disappears"),
    (r"<input type=\"(?!search)[^>]*autocomplete=\"off\"", "a field that Back empties"),
    (r"\b(u|uw|Uw)\b(?![^<]*%\})", "we say je"),
    (
        r"(?i)\b(gelieve|middels\b|teneinde|dient te|inzake|m\.b\.t\.|d\.m\.v\.|t\.a\.v\."
        r"|ongeldige invoer|fout opgetreden|klik hier|lees meer)",
        "not plain Dutch",
    ),
]
_TAG = re.compile(r"<[a-z][^<>]*?\bhx-(?:get|post|put|delete)\b.*?>", re.S)


def faults(source: str) -> list[str]:
    """The faults in the text of a template."""
    source = re.sub(r"\{#.*?#\}", "", source, flags=re.S)
    found = [why for pattern, why in FORBIDDEN if re.search(pattern, source)]
    for tag in _TAG.findall(source):
        if not re.search(r"\s(href|(form)?action)=", tag):
            found.append("an hx- element without its plain href or action")
        if not re.search(r"\bhx-target=", tag) or not re.search(r"\bhx-swap=", tag):
            found.append("an hx- element without its own target and swap")
        if "outerHTML" in tag and " id=" not in tag:
            found.append("an element that replaces itself loses the focus without an id")
    return found

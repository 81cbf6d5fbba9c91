"""The lines of search results, as HTML: each is made once, and gets the marks in its title anew."""

import re
from typing import NamedTuple

from flask import current_app
from markupsafe import Markup, escape

from portal.database.noted_reads import noted
from portal.finder.remembered import recall, remember
from portal.finder.results import Result, SearchResults, list_results
from portal.search.documents import DESK
from portal.search.index import Hit
from portal.text import fold
from portal.web.formatting import capital

_WORD = re.compile(r"[^\W_]+")
_TITLE = Markup("\0")  # stands for the title while a line is made


class _Line(NamedTuple):
    """A line around its title."""

    before: str  # HTML
    title: str
    after: str  # HTML
    person: int | None  # id; whose number it shows


def list_lines(found: SearchResults) -> tuple[list[Markup], frozenset[int | None]]:
    """The lines of a search, and the people (ids) whose numbers they show."""
    keys = {} if found.details else _list_keys(found)
    lines = {hit: line for hit, key in keys.items() if (line := recall(*key))}
    if missing := [hit for hit in found.hits if hit not in lines]:
        lines |= _make_lines(found, missing, keys)
    shown = [line for hit in found.hits if (line := lines.get(hit))]
    return (
        [Markup(line.before + _mark(line.title, found.words) + line.after) for line in shown],  # noqa: S704
        frozenset(line.person for line in shown),
    )


def _make_lines(
    found: SearchResults, hits: list[Hit], keys: dict[Hit, tuple[object, ...]]
) -> dict[Hit, _Line]:
    context: dict[str, object] = {"day": found.on}
    current_app.update_template_context(context)
    template = current_app.jinja_env.get_template("finder/_line.html").make_module(context)
    lines = {}
    with noted() as reads:
        for hit, result in list_results(found, hits).items():
            before, after = getattr(template, "line")(result, _TITLE).split(_TITLE)  # noqa: B009 - a macro
            lines[hit] = _Line(str(before), capital(result.title), str(after), _owner(result))
    for hit, line in lines.items():
        if hit in keys:
            size = len(line.before) + len(line.after)
            remember(*keys[hit], content=line, size=size, people={line.person}, reads=reads)
    return lines


def _list_keys(found: SearchResults) -> dict[Hit, tuple[object, ...]]:
    """The key of each line: its hit, and the rest that it depends on besides the directory. A desk
    says why it answers to the words."""
    question, words = found.question, tuple(found.question.words)
    asked = found.on, question.roles, tuple(question.residences)
    return {hit: (hit, *asked, words if hit.kind == DESK else ()) for hit in found.hits}


def _owner(result: Result) -> int | None:
    owner = result.detail.owner if result.detail else ""
    return int(owner[1:]) if owner.startswith("p") else None


def _mark(title: str, words: list[str]) -> str:
    """The title as HTML, with the beginnings marked that were searched (folded)."""
    beginnings = tuple(filter(None, words))

    def mark(found: re.Match[str]) -> str:
        piece, folded = found[0], fold(found[0])
        if not folded.startswith(beginnings):
            return piece
        length = max(len(word) for word in beginnings if folded.startswith(word))
        return f"\0{piece[:length]}\1{piece[length:]}"

    marked = str(escape(_WORD.sub(mark, title)))
    return marked.replace("\0", "<mark>").replace("\1", "</mark>")
